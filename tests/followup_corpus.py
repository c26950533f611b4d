"""Questions of conversations, and what they mean in words that stand alone. Written before the rules. Data only."""

from __future__ import annotations

from typing import NamedTuple

from tools.reasoners.base import Exchange


class Turn(NamedTuple):
    """A question, what was asked and answered before it (oldest first), and what it means."""

    question: str
    earlier: tuple[Exchange, ...]
    meant: str


LAMP = Exchange("When was the lamp lit for the first time?", "1847")
QUIZ = Exchange("Who won the quiz?", "Tomas Okafor")
KEEPER = Exchange("Who was the keeper until 1922?", "Josef Brandt")
ROOM = Exchange("Which room is the cafeteria in?", "Room 114")
WRECK = Exchange("How many sailors drowned on the reef?", "23 sailors")
HORN = Exchange("When was the fog horn installed?", "1931")
ROOF = Exchange("How much did the new roof cost?", "86,000 pounds")
BUS = Exchange("At what time does the bus for the excursion depart?", "08:45")
BRIDGE = Exchange("Which bridge did the mayor open?", "the Salt Bridge")
LIGHT = Exchange("From how far away can the light be seen?", "18 nautical miles")
TALK = Exchange("Who gives the lecture?", "Dr. Ines Harrow")
MAN = Exchange("What does the man put on the table?", "A red suitcase")
DOOR = Exchange("What does the girl do at the door?", "She rings the bell.")
SIGN = Exchange("What does the sign say?", "No swimming")
SOUP = Exchange("What is the price of the fish soup?", "7.50 pounds")
ABEL = Exchange("When did Abel Whitlock serve?", "1847 to 1869")
CROWD = Exchange("How many visitors came in 1930?", "4,100")
OPEN = Exchange("Who painted the tower?", "The video as remembered does not show this.")

FOLLOWS = (
    Turn("When did he retire?", (KEEPER,), "When did Josef Brandt retire?"),
    Turn("How old was he?", (KEEPER,), "How old was Josef Brandt?"),
    Turn("What was his wife's name?", (KEEPER,), "What was Josef Brandt's wife's name?"),
    Turn("And who succeeded him?", (KEEPER,), "Who succeeded Josef Brandt?"),
    Turn("Is he the man with the pipe?", (KEEPER,), "Is Josef Brandt the man with the pipe?"),
    Turn("What did he do before that?", (KEEPER,),
         "What did Josef Brandt do before Josef Brandt was the keeper until 1922?"),
    Turn("And until 1869?", (KEEPER,), "Who was the keeper until 1869?"),
    Turn("When did he start?", (KEEPER, ROOF), "When did Josef Brandt start?"),
    Turn("What did he win?", (QUIZ,), "What did Tomas Okafor win?"),
    Turn("Did she get a prize?", (QUIZ,), "Did Tomas Okafor get a prize?"),
    Turn("What happened next?", (QUIZ,), "What happened after Tomas Okafor won the quiz?"),
    Turn("What about the prize draw?", (QUIZ,), "Who won the prize draw?"),
    Turn("Why?", (QUIZ,), "Why did Tomas Okafor win the quiz?"),
    Turn("What was the prize for that?", (QUIZ,), "What was the prize for that? (about: Tomas Okafor)"),
    Turn("What does she say about the reef?", (TALK,), "What does Dr. Ines Harrow say about the reef?"),
    Turn("And what is her e-mail address?", (TALK,), "What is Dr. Ines Harrow's e-mail address?"),
    Turn("Who else speaks?", (TALK,), "Who besides Dr. Ines Harrow speaks?"),
    Turn("Who lit it?", (LAMP,), "Who lit the lamp?"),
    Turn("How tall is it?", (LAMP,), "How tall is the lamp?"),
    Turn("What colour was that lamp?", (LAMP,), "What colour was the lamp?"),
    Turn("What happened after that?", (LAMP,), "What happened after the lamp was lit for the first time?"),
    Turn("What is shown next?", (LAMP,), "What is shown after the lamp was lit for the first time?"),
    Turn("And the fog horn?", (LAMP,), "When was the fog horn lit for the first time?"),
    Turn("Where?", (LAMP,), "Where was the lamp lit for the first time?"),
    Turn("By whom?", (LAMP,), "By whom was the lamp lit for the first time?"),
    Turn("Why?", (LAMP,), "Why was the lamp lit for the first time?"),
    Turn("What about the new roof?", (HORN,), "When was the new roof installed?"),
    Turn("What about the fog horn?", (LIGHT,), "From how far away can the fog horn be seen?"),
    Turn("And the cloakroom?", (ROOM,), "Which room is the cloakroom in?"),
    Turn("How about the lost property office?", (ROOM,), "Which room is the lost property office in?"),
    Turn("Who works there?", (ROOM,), "Who works in Room 114?"),
    Turn("And in 1931?", (WRECK,), "How many sailors drowned on the reef in 1931?"),
    Turn("Where were they buried?", (WRECK,), "Where were the 23 sailors buried?"),
    Turn("What was the name of their ship?", (WRECK,), "What was the name of the 23 sailors' ship?"),
    Turn("And how many survived?", (WRECK,), "And how many survived? (about: the 23 sailors)"),
    Turn("What colour is it?", (ROOF,), "What colour is the new roof?"),
    Turn("Who paid for it?", (ROOF,), "Who paid for the new roof?"),
    Turn("And the lens?", (ROOF,), "How much did the lens cost?"),
    Turn("Where does it leave from?", (BUS,), "Where does the bus for the excursion leave from?"),
    Turn("And when does it come back?", (BUS,), "When does the bus for the excursion come back?"),
    Turn("And the ferry?", (BUS,), "At what time does the ferry depart?"),
    Turn("When did she open it?", (BRIDGE,), "When did the mayor open the Salt Bridge?"),
    Turn("How long is it?", (BRIDGE,), "How long is the Salt Bridge?"),
    Turn("Who was standing there?", (BRIDGE,), "Who was standing at the Salt Bridge?"),
    Turn("And what about the tunnel?", (BRIDGE,),
         "And what about the tunnel? (about: the Salt Bridge)"),
    Turn("What does he take out of it?", (MAN,), "What does the man take out of the red suitcase?"),
    Turn("What does he do then?", (MAN,), "What does the man do after the man puts the red suitcase on the table?"),
    Turn("What happens next?", (DOOR,), "What happens after the girl rings the bell?"),
    Turn("And then?", (DOOR,), "What happens after the girl rings the bell?"),
    Turn("What is she wearing?", (DOOR,), "What is the girl wearing?"),
    Turn("Where does it hang?", (SIGN,), "Where does the sign hang?"),
    Turn("And the bread?", (SOUP,), "What is the price of the bread?"),
    Turn("And of the bread?", (SOUP,), "What is the price of the bread?"),
    Turn("And Miriam Kell?", (ABEL,), "When did Miriam Kell serve?"),
    Turn("And in 1931?", (CROWD,), "How many visitors came in 1931?"),
    Turn("1931?", (CROWD,), "How many visitors came in 1931?"),
    Turn("When was it built?", (OPEN,), "When was the tower built?"),
    Turn("And where did he live?", (OPEN,), "And where did he live? (about: the tower)"),
)  # fmt: skip

HELD_OUT = (
    Turn("How long does he fry them?", (Exchange("What does the chef put in the pan?", "Two onions"),),
         "How long does the chef fry the two onions?"),
    Turn("Who painted it?", (Exchange("Which painting did the museum buy?", "The Grey Heron"),),
         "Who painted The Grey Heron?"),
    Turn("How much did it cost?", (Exchange("Which painting did the museum buy?", "The Grey Heron"),),
         "How much did The Grey Heron cost?"),
    Turn("And on Mondays?", (Exchange("When does the museum open on Sundays?", "10:00"),),
         "When does the museum open on Mondays?"),
    Turn("What happened there in 1920?", (Exchange("Where was the treaty signed?", "Utrecht"),),
         "What happened in Utrecht in 1920?"),
    Turn("And the second?", (Exchange("Who scored the first goal?", "Lena Frost"),), "Who scored the second goal?"),
    Turn("When was it finished?", (Exchange("How high is the dam?", "96 metres"),), "When was the dam finished?"),
    Turn("And how long?", (Exchange("How high is the dam?", "96 metres"),), "How long is the dam?"),
    Turn("Does it catch him?", (Exchange("What is the dog chasing?", "A cyclist"),), "Does the dog catch the cyclist?"),
    Turn("What did he do afterwards?", (Exchange("Who opened the door?", "the janitor"),),
         "What did the janitor do after the janitor opened the door?"),
    Turn("Why?", (Exchange("What did the pilot announce?", "a delay of two hours"),),
         "Why did the pilot announce a delay of two hours?"),
    Turn("What about the basement?", (Exchange("Who works in the attic?", "a tailor"),), "Who works in the basement?"),
)  # fmt: skip
"""Never tuned for: how far the rules carry beyond what they were made from."""

STANDS_ALONE = (
    Turn("What is it that the sailors drink?", (LAMP,), ""),
    Turn("When was the lamp lit?", (LAMP,), ""),
    Turn("Which room is the cafeteria in?", (LAMP,), ""),
    Turn("And what is coming?", (LAMP,), ""),
    Turn("How many rodents are there?", (ROOM,), ""),
    Turn("Is there a cafeteria in the building?", (ROOM,), ""),
    Turn("What does the bunny do after it wakes up?", (LAMP,), ""),
    Turn("What does the man say he will show?", (KEEPER,), ""),
    Turn("What time is it when the bus leaves?", (BUS,), ""),
    Turn("How long does it take to reach the island?", (BUS,), ""),
    Turn("Does it rain in the second scene?", (LAMP,), ""),
    Turn("What does it say on the board?", (SIGN,), ""),
    Turn("Who takes off his hat?", (KEEPER,), ""),
    Turn("How did the girl lose her shoes?", (TALK,), ""),
    Turn("How many students brought their own books?", (WRECK,), ""),
    Turn("Do the sailors believe they will survive?", (WRECK,), ""),
    Turn("When the captain left, who took his place?", (KEEPER,), ""),
    Turn("Which ship sank first and how many of its sailors drowned?", (WRECK,), ""),
    Turn("What is the title of this lecture?", (TALK,), ""),
    Turn("What is this video about?", (LAMP,), ""),
    Turn("Who said that the reef is dangerous?", (WRECK,), ""),
    Turn("What happens after the storm?", (LAMP,), ""),
    Turn("What is the topic of the next lecture?", (TALK,), ""),
    Turn("Who sits next to the keeper?", (KEEPER,), ""),
    Turn("And when was the fog horn installed?", (LAMP,), ""),
    Turn("What is written on the sign above the door?", (DOOR,), ""),
)
"""They look as if they referred back, or come after an exchange, and do not."""
