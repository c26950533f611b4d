"""Which model a local captioner is, and what can be wrong with one."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.tiny_checkpoints import KINDS, MISSING_REASON, UNITS, make_checkpoint, make_clip, missing
from tools.captioners.local.captioner import LocalCaptioner
from tools.captioners.local.checkpoint import find_checkpoint
from tools.errors import BadInput
from tools.models import build_captioner, check_models, choose_captioner
from tools.settings import Settings

pytestmark = pytest.mark.skipif(bool(missing()), reason=MISSING_REASON.format(missing()))
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    where = tmp_path_factory.mktemp("named")
    return {kind: make_checkpoint(where / kind, kind) for kind in KINDS}


def test_a_folder_is_known_by_its_content_wherever_it_lies(tmp_path: Path, folders: dict[str, str]) -> None:
    moved = shutil.copytree(folders["qwen2_5_vl"], tmp_path / "elsewhere" / "qwen2_5_vl")
    tuned = make_checkpoint(tmp_path / "tuned" / "qwen2_5_vl", seed=1)
    first = find_checkpoint(folders["qwen2_5_vl"]).name
    assert re.fullmatch(r"local:qwen2_5_vl-[0-9a-f]{10}", first)
    assert find_checkpoint(str(moved)).name == first
    weights = [Path(folder, "model.safetensors") for folder in (folders["qwen2_5_vl"], tuned)]
    assert weights[0].stat().st_size == weights[1].stat().st_size
    assert find_checkpoint(tuned).name != first


def test_frame_sides_are_known_before_anything_is_loaded(folders: dict[str, str], tmp_path: Path) -> None:
    assert {kind: find_checkpoint(folder).multiple for kind, folder in folders.items()} == UNITS
    sparse = tmp_path / "sparse"
    sparse.mkdir()
    (sparse / "config.json").write_text(json.dumps({"model_type": "qwen3_vl", "vision_config": {}}))
    assert find_checkpoint(str(sparse)).multiple == 32


def test_a_hub_name_is_its_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = choose_captioner(Settings.load(captioner="local:Qwen/Qwen2.5-VL-7B-Instruct"))
    assert chosen.name == "local:Qwen/Qwen2.5-VL-7B-Instruct"
    assert build_captioner(Settings.load(captioner="local:owner/model@v1.2")).name == "local:owner/model@v1.2"


def test_settings_reach_the_captioner(folders: dict[str, str]) -> None:
    chosen = Settings.load(
        captioner=f"local:{folders['qwen3_vl']}", device="cpu", temperature=0.5, caption_tokens=9, captions_at_once=3
    )
    check_models(chosen)
    local = build_captioner(chosen)
    assert isinstance(local, LocalCaptioner) and local.multiple == 32 and local.takes_instructions
    assert (local._device, local._temperature, local._max_tokens) == ("cpu", 0.5, 9)
    assert local._load().device == "cpu" and local.batch == 3


# What can be wrong with it


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("local:", "no such folder"),
        ("local:./nowhere", "no such folder"),
        ("local:nowhere", "no such folder"),
        ("local:nobody/nothing", "hub"),
        ("local:nobody/nothing@v1", "hub"),
    ],
)
def test_a_model_that_is_not_there_is_bad_input(setting: str, says: str) -> None:
    with pytest.raises(BadInput, match=says) as caught:
        check_models(Settings.load(captioner=setting))
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 500


@pytest.mark.parametrize(
    "config", [None, "{", "[]", '{"model_type": "qwen2_5_vl", "vision_config": {"patch_size": "x"}}']
)
def test_a_folder_without_a_usable_config_is_bad_input(tmp_path: Path, config: str | None) -> None:
    if config is not None:
        (tmp_path / "config.json").write_text(config)
    with pytest.raises(BadInput, match="config.json"):
        check_models(Settings.load(captioner=f"local:{tmp_path}"))


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, folders: dict[str, str]) -> None:
    monkeypatch.setattr("tools.models._installed", lambda package: package not in ("torchvision", "accelerate"))
    with pytest.raises(BadInput, match=r"videolucy\[local\].*missing: torchvision, accelerate"):
        choose_captioner(Settings.load(captioner=f"local:{folders['smolvlm']}"))


@pytest.mark.parametrize("device", ["gpu", "cuda:x", "cuda:", "cpu:1"])
def test_a_device_nobody_knows_is_bad_input(device: str, folders: dict[str, str]) -> None:
    with pytest.raises(BadInput, match="setting device"):
        choose_captioner(Settings.load(captioner=f"local:{folders['smolvlm']}", device=device))


def test_a_device_that_is_not_there_is_bad_input(folders: dict[str, str]) -> None:
    with pytest.raises(BadInput, match="no cuda:77 that torch can use"):
        LocalCaptioner(find_checkpoint(folders["smolvlm"]), device="cuda:77").describe(make_clip(1), "")


def _truncate(folder: Path) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])


def _garble(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"not weights at all" * 100)


def _drop(folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    tensors = load_file(folder / "model.safetensors")
    del tensors["lm_head.weight"]
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def _pickle(folder: Path) -> None:
    import torch
    from safetensors.torch import load_file

    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()


def _no_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()


def _text_only(folder: Path) -> None:
    (folder / "config.json").write_text(json.dumps({"model_type": "llama"}))


def _unheard_of(folder: Path) -> None:
    (folder / "config.json").write_text(json.dumps({"model_type": "blorb", "auto_map": {"AutoConfig": "evil.Evil"}}))


@pytest.mark.parametrize("harm", [_truncate, _garble, _drop, _pickle, _no_tokenizer, _text_only, _unheard_of])
def test_a_model_that_cannot_be_loaded_is_one_clear_line(
    tmp_path: Path, folders: dict[str, str], harm: Callable[[Path], None]
) -> None:
    folder = shutil.copytree(folders["qwen2_5_vl"], tmp_path / "model")
    harm(folder)
    local = LocalCaptioner(find_checkpoint(str(folder)), device="cpu", max_tokens=4)
    with pytest.raises(BadInput, match=f"captioner local:{re.escape(str(folder))}") as caught:
        local.describe(make_clip(1), "")
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 500
    # What was wrong may be mended while the process runs.
    shutil.copytree(folders["qwen2_5_vl"], folder, dirs_exist_ok=True)
    assert LocalCaptioner(find_checkpoint(str(folder)), device="cpu", max_tokens=4).describe(make_clip(1), "").lines


def test_a_processor_that_lacks_a_package_names_it(folders: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    import transformers

    def refuses(*_: Any, **__: Any) -> None:
        raise ImportError("\nQwen2VLVideoProcessor requires the Torchvision library but it was not found.\nMore.")

    monkeypatch.setattr(transformers.AutoProcessor, "from_pretrained", refuses)
    with pytest.raises(BadInput, match=r"videolucy\[local\].*requires the Torchvision library") as caught:
        LocalCaptioner(find_checkpoint(folders["qwen2_5_vl"]), device="cpu").describe(make_clip(1), "")
    assert "\n" not in str(caught.value)


def test_looking_at_the_settings_loads_no_torch(folders: dict[str, str]) -> None:
    code = (
        "import sys\nfrom app import main\n"
        f"sys.argv = ['videolucy', 'doctor', '--captioner', {'local:' + folders['qwen2_5_vl']!r}]\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        "loaded = {'torch', 'transformers', 'accelerate'} & sys.modules.keys()\nassert not loaded, loaded"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "local:qwen2_5_vl-" in done.stdout
