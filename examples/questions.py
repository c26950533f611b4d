"""Questions about the sample videos, with what is known to be true. Data only.

Intervals are seconds in which the fact can be read by a person, found by looking at the frames.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TRAILER, LECTURE = "big-buck-bunny-trailer.mp4", "lecture.mp4"
"""File names: the trailer lies beside this file, the lecture is composed by `examples.lecture`."""
HELLO = "movie-hello.mp4"
"""Lies beside this file: somebody speaks."""


@dataclass(frozen=True)
class Question:
    """A question and its truth."""

    video: str
    question: str
    expected: tuple[str, ...] = ()
    """Any of these, whatever the case, must occur in the answer."""
    shown: tuple[tuple[float, float], ...] = ()
    """When it is shown; evidence lies in one of these."""
    options: tuple[str, ...] | None = None
    option: str = ""
    """Letter of the right option."""
    status: Literal["answered", "insufficient"] = "answered"
    heard: bool = False
    """Whether it is said, not shown: without a model that recognises speech it cannot be answered."""
    second_look: bool = False
    """Whether the coarse look leaves only a cue."""


QUESTIONS = (
    Question(TRAILER, "Who presents this film?", ("Blender Foundation", "Peach Project"), ((3.5, 8.75),)),
    Question(
        TRAILER,
        "What kind of bird does the film introduce?",
        ("unlucky",),
        ((10.25, 14.0),),
        options=("a hungry one", "an unlucky one", "a sleepy one", "a clever one"),
        option="B",
    ),
    Question(TRAILER, "How does the title describe the bunny?", ("overweight",), ((16.25, 23.0),)),
    Question(TRAILER, "How many rodents are there?", ("three", "3"), ((32.25, 36.0),)),
    Question(TRAILER, "What is coming, according to the last title of the story?", ("Revenge",), ((47.25, 51.25),)),
    Question(TRAILER, "Which program was this clip made with?", ("MoviePy",), ((52.25, 55.1),)),
    Question(TRAILER, "What is the telephone number of the studio?", status="insufficient"),
    Question(TRAILER, "What does the bunny do after it wakes up?", status="insufficient"),
    Question(HELLO, "What does the man say he will show?", ("directory",), ((0.0, 5.0),), heard=True),
    Question(TRAILER, "Whose voice can be heard in the background?", status="insufficient"),
    Question(LECTURE, "Who gives the lecture?", ("Harrow",), ((6.0, 16.0),)),
    Question(LECTURE, "When was the lamp lit for the first time?", ("1847",), ((16.0, 30.0),)),
    Question(
        LECTURE,
        "From how far away can the light be seen?",
        ("18 nautical",),
        ((60.0, 75.0),),
        options=("5 nautical miles", "12 nautical miles", "18 nautical miles", "31 nautical miles"),
        option="C",
    ),
    Question(LECTURE, "How many sailors lost their lives on the reef?", ("23",), ((120.0, 135.0),)),
    Question(LECTURE, "How much did the new roof cost?", ("86,000",), ((210.0, 225.0),)),
    Question(LECTURE, "Which room is the cafeteria in?", ("114",), ((40.0, 60.0),), second_look=True),
    Question(
        LECTURE,
        "Who was the keeper of the light until 1922?",
        ("Brandt",),
        ((100.0, 120.0),),
        options=("Abel Whitlock", "Miriam Kell", "Ines Harrow", "Josef Brandt"),
        option="D",
        second_look=True,
    ),
    Question(
        LECTURE,
        "At what time does the bus for the excursion depart?",
        ("08:45", "8:45"),
        ((165.0, 180.0),),
        second_look=True,
    ),
    Question(LECTURE, "Who won the quiz?", ("Okafor",), ((82.3, 82.8),), second_look=True),
    Question(
        LECTURE,
        "What was the number of the winning ticket in the prize draw?",
        ("5093",),
        ((203.3, 203.8),),
        second_look=True,
    ),
    Question(LECTURE, "Who surveyed the bay?", ("Ambler",), ((240.0, 255.0),), second_look=True),
    Question(LECTURE, "How heavy is the great lens?", ("940",), ((270.0, 285.0),), second_look=True),
    Question(
        LECTURE,
        "At what time is high water in the morning?",
        ("06:52", "6:52"),
        ((300.0, 315.0),),
        options=("00:31", "06:52", "08:45", "13:07"),
        option="B",
        second_look=True,
    ),
    Question(LECTURE, "What is the lecturer's e-mail address?", status="insufficient"),
    Question(LECTURE, "Why did the speaker sound angry?", status="insufficient"),
)
