"""Captions of a day nobody filmed: varied sentences of about the length a vision model writes, for long memories."""

from __future__ import annotations

import random


def _either(phrases: str) -> list[str]:
    return phrases.split("|")


_WHO = _either(
    "A woman in a grey coat|An older man with glasses|Two children|A cook in a white apron|A courier|The presenter|"
    "A girl with a red scarf|Three students|A technician|The host|A man in a blue shirt|A gardener|A nurse|"
    "A boy on a scooter|The neighbour|A guide with a flag|A waiter|The conductor|A painter|Several visitors"
)
_DOES = _either(
    "walks slowly past|leans against|puts a box down beside|points at|wipes|opens and closes|photographs|talks about|"
    "waits next to|carries a ladder towards|sorts papers on|looks for something under|sits down at|repairs|measures|"
    "paints|locks|pushes a trolley along|writes something on|moves a chair away from"
)
_WHAT = _either(
    "the kitchen table|a row of shelves|the bicycle stand|a wooden bench|the notice board|the coffee machine|a van|"
    "the stairs to the cellar|a glass door|the reception desk|a flower bed|the fountain|a stack of crates|the piano|"
    "a whiteboard|the workbench|a ticket machine|the old cupboard|an empty stage|the garden gate"
)
_HOW = _either(
    "while rain runs down the windows|as a tram passes outside|under a flickering lamp|and nods to somebody off screen|"
    "in warm evening light|with a cup in the other hand|and laughs briefly|without looking up|for quite a while|"
    "as the camera pans to the left|before turning back|while music seems to play|and then leaves the frame|"
    "next to a sleeping dog|as people gather behind|and checks a watch|with some hesitation|in front of a mirror|"
    "beside a stack of folded chairs|near the open window"
)
_SETTING = _either(
    "The room is wide and bright, with white walls and a wooden floor.|The street is wet, and few people are about.|"
    "The camera is held by hand and shakes a little.|A sign with large letters hangs in the background, out of focus.|"
    "The picture is slightly overexposed near the windows.|Several bags and coats lie on a chair in the corner.|"
    "The shot is wide, and faces are hard to make out.|A clock on the wall is visible but too small to read.|"
    "Posters of earlier exhibitions cover one of the walls.|The light changes as clouds move across the sun."
)

FACTS = (
    ("What does the note on the fridge say?", "A handwritten note on the fridge says to call Odessa before nine."),
    ("What is the number of the red locomotive?", "A red locomotive with the number 4471 rolls through the picture."),
    ("Who won the chess game?", "The chess game ends when Fenwick tips over the king of his opponent, Harald."),
    ("Which colour is the envelope that is burnt?", "Somebody burns a turquoise envelope in an ashtray."),
    ("How much did the concert ticket cost?", "A concert ticket for 38 euros lies beside the keys."),
    ("What is engraved on the pocket watch?", "The pocket watch is engraved with the words ever thine, 1911."),
    ("Where did the parrot escape to?", "The parrot escapes through a skylight and settles on the church tower."),
    ("Which medicine does the doctor prescribe?", "The doctor prescribes amoxicillin, as the form on screen shows."),
    ("What instrument does the sailor play?", "A sailor plays the bandoneon on the quay."),
    ("Which bridge did the mayor open?", "The mayor cuts a ribbon and opens the Marlow footbridge."),
    ("What animal is carved into the walking stick?", "The handle of the walking stick is carved as a heron."),
    ("What was the password on the sticky note?", "A sticky note on the monitor reads password: juniper42."),
    ("Which city is printed on the suitcase label?", "The label on the suitcase is printed with Valparaiso."),
    ("What flavour of ice cream does the twin order?", "One twin orders pistachio ice cream, the other nothing."),
    ("What is the name of the ferry?", "The ferry Saint Columba casts off in the fog."),
    ("How many candles are on the birthday cake?", "The birthday cake carries seventeen candles."),
    ("Which tool is used to open the safe?", "The safe is opened with a stethoscope and a drill."),
    ("What does the tattoo on the fisherman's arm show?", "A tattoo of a lighthouse covers the fisherman's forearm."),
    ("Which team's scarf does the referee hide?", "The referee hides a scarf of Northgate Rovers under his jacket."),
    ("What is the licence plate of the getaway car?", "The getaway car carries the licence plate KTR 908."),
)  # fmt: skip
"""Questions, and the sentence of one caption that answers each."""


def caption(random_: random.Random, chars: int = 1_800) -> str:
    """Return a description of about `chars` characters."""
    sentences: list[str] = []
    while sum(map(len, sentences)) + len(sentences) < chars:
        if random_.random() < 0.25:
            sentences.append(random_.choice(_SETTING))
        else:
            first = f"{random_.choice(_WHO)} {random_.choice(_DOES)} {random_.choice(_WHAT)} {random_.choice(_HOW)}"
            sentences.append(f"{first}.")
    return " ".join(sentences)


def planted(random_: random.Random, fact: str, chars: int = 1_800) -> str:
    """Return such a description with one more sentence, somewhere inside."""
    sentences = caption(random_, chars - len(fact)).split(". ")
    sentences.insert(random_.randrange(1, len(sentences)), fact.rstrip("."))
    return ". ".join(sentences)
