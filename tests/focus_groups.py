"""What looks are for, in other words and with other meanings. Written without knowing the rules. Data only."""

from __future__ import annotations

from typing import NamedTuple


class Group(NamedTuple):
    """A focus, others that mean the same (also among each other), and others that do not."""

    focus: str
    same: tuple[str, ...]
    other: tuple[str, ...]


GROUPS = (
    Group(
        "the colour of the mayor's tie",
        (
            "what colour is the mayor's tie?",
            "find out which colour the tie worn by the mayor has",
            "color of mayor's necktie",
            "Look closely at the tie of the mayor and report its colour.",
        ),
        (
            "the colour of the mayor's hat",
            "the pattern of the mayor's tie",
            "the colour of the bridge the mayor opens",
            "who gives the mayor the tie",
            "the colour of the driver's tie",
        ),
    ),
    Group(
        "the tool that opens the safe",
        (
            "which tool the safe is opened with",
            "Which tool is used to open the safe?",
            "identify the tool used for opening the safe",
        ),
        (
            "who opens the safe",
            "the tool that opens the door",
            "when the safe is opened",
            "what is inside the safe",
        ),
    ),
    Group(
        "how many people are at the table",
        (
            "the number of people at the table",
            "count the people at the table",
            "number of persons sitting at the table",
        ),
        (
            "who the people at the table are",
            "how many people are in the car",
            "how many chairs are at the table",
            "how many people leave the table",
        ),
    ),
    Group(
        "the text on the red sign",
        (
            "what the red sign says",
            "Read the text on the red sign.",
            "what is written on the red sign?",
            "the words on the red sign",
        ),
        (
            "the text on the blue sign",
            "the colour of the sign",
            "where the red sign stands",
            "the text on the red bus",
        ),
    ),
    Group(
        "when the train arrives",
        (
            "at what time does the train arrive?",
            "the arrival time of the train",
            "Find out when exactly the train arrives.",
        ),
        (
            "when the train leaves",
            "where the train arrives",
            "when the bus arrives",
            "who arrives by train",
        ),
    ),
    Group(
        "what the man takes out of the drawer",
        (
            "which object the man takes out of the drawer",
            "Describe what the man takes out of the drawer",
            "the item that the man takes out of the drawer",
        ),
        (
            "what the man puts into the drawer",
            "what the woman takes out of the drawer",
            "what the man takes out of the fridge",
            "why the man opens the drawer",
        ),
    ),
    Group(
        "the name of the speaker",
        (
            "what is the speaker's name?",
            "find the name of the speaker",
            "speaker name",
            "name of the lecturer",
        ),
        (
            "the topic of the speaker",
            "the name of the university",
            "where the speaker comes from",
            "the speaker's age",
        ),
    ),
    Group(
        "where the boy hides the key",
        (
            "the place where the boy hides the key",
            "in which place does the boy hide the key?",
            "location where the key is hidden by the boy",
        ),
        (
            "who hides the key",
            "where the girl hides the key",
            "where the boy finds the key",
            "where the boy hides the letter",
            "when the boy hides the key",
        ),
    ),
    Group(
        "the final score of the match",
        (
            "what is the final score of the match?",
            "final match score",
            "Read off the final score of the match",
        ),
        (
            "the half-time score of the match",
            "the date of the match",
            "who scores in the match",
            "the first score of the match",
        ),
    ),
    Group(
        "who knocks at the door",
        (
            "the person who knocks at the door",
            "which person knocks at the door?",
            "Identify who is knocking at the door",
        ),
        (
            "who opens the door",
            "who knocks at the window",
            "when somebody knocks at the door",
            "how often the man knocks at the door",
        ),
    ),
    Group(
        "the car behind the bus",
        (
            "which car is behind the bus",
            "describe the car behind the bus",
            "the car that is behind the bus",
        ),
        (
            "the bus behind the car",
            "the car in front of the bus",
            "the driver of the bus",
            "the car behind the truck",
        ),
    ),
    Group(
        "the licence plate of the white van",
        (
            "what is the white van's licence plate?",
            "license plate of the white van",
            "Read the licence plate of the white van, please.",
        ),
        (
            "the licence plate of the black van",
            "the make of the white van",
            "the driver of the white van",
            "the licence plate of the white car",
        ),
    ),
    Group(
        "what the chef adds after the onions",
        (
            "which ingredient the chef adds after the onions",
            "what is added by the chef after the onions?",
            "what does the chef add after the onions",
        ),
        (
            "what the chef adds before the onions",
            "how the chef cuts the onions",
            "what the chef adds after the garlic",
            "how many onions the chef adds",
        ),
    ),
    Group(
        "whether the girl wears glasses",
        (
            "does the girl wear glasses?",
            "check if the girl is wearing glasses",
            "see whether the girl has glasses on",
        ),
        (
            "whether the boy wears glasses",
            "whether the girl wears a hat",
            "the colour of the girl's glasses",
            "why the girl wears no glasses",
        ),
    ),
    Group(
        "the price of the fish soup",
        (
            "how much does the fish soup cost?",
            "the cost of the fish soup",
            "what is the price of the fish soup on the menu",
        ),
        (
            "the price of the fish",
            "the ingredients of the fish soup",
            "the price of the onion soup",
            "who orders the fish soup",
        ),
    ),
    Group(
        "what the woman hands to the man",
        (
            "which thing the woman hands to the man",
            "what object does the woman hand to the man?",
            "the object handed to the man by the woman",
        ),
        (
            "what the man hands to the woman",
            "what the woman says to the man",
            "what the woman hands to the boy",
            "why the woman hands the man something",
        ),
    ),
    Group(
        "the brand of the laptop on the desk",
        (
            "which brand is the laptop on the desk?",
            "the desk laptop's brand",
            "identify the brand of the notebook computer on the desk",
        ),
        (
            "the colour of the laptop on the desk",
            "the brand of the phone on the desk",
            "the owner of the laptop on the desk",
            "the brand of the laptop on the shelf",
        ),
    ),
    Group(
        "how the dog gets out of the garden",
        (
            "in what way does the dog get out of the garden",
            "how does the dog get out of the garden?",
            "how the dog escapes from the garden",
        ),
        (
            "when the dog gets out of the garden",
            "how the dog gets into the garden",
            "how the cat gets out of the garden",
            "what the dog does in the garden",
        ),
    ),
    Group(
        "why the meeting is cancelled",
        (
            "the reason why the meeting is cancelled",
            "the reason for cancelling the meeting",
            "for what reason is the meeting canceled?",
        ),
        (
            "when the meeting is cancelled",
            "who cancels the meeting",
            "why the flight is cancelled",
            "why the meeting is not cancelled",
        ),
    ),
    Group(
        "the number on the player's shirt",
        (
            "which number is on the player's shirt",
            "the shirt number of the player",
            "what number does the player's shirt have?",
        ),
        (
            "the number of players in red shirts",
            "the name on the player's shirt",
            "the colour of the player's shirt",
            "the number on the goalkeeper's shirt",
        ),
    ),
    Group(
        "what happens after the second goal",
        (
            "what is happening after the second goal",
            "describe in detail what happens after the second goal",
            "the events after the second goal",
        ),
        (
            "what happens after the first goal",
            "what happens before the second goal",
            "who scores the second goal",
            "what happens after goal 3",
        ),
    ),
    Group(
        "the year the bridge was built",
        (
            "in which year was the bridge built?",
            "the year of the bridge's construction",
            "the year in which the bridge was built",
        ),
        (
            "who built the bridge",
            "the year the bridge was closed",
            "the year the tower was built",
            "the length of the bridge",
        ),
    ),
    Group(
        "the woman's hair colour",
        (
            "the colour of the woman's hair",
            "what color is the hair of the woman?",
            "hair colour of the lady",
        ),
        (
            "the man's hair colour",
            "the length of the woman's hair",
            "the woman's eye colour",
            "the colour of the woman's coat",
        ),
    ),
    Group(
        "which animals cross the road",
        (
            "the animals that cross the road",
            "what animals are crossing the street?",
            "identify the animals crossing the road",
        ),
        (
            "how many animals cross the road",
            "which people cross the road",
            "which animals cross the river",
            "when the animals cross the road",
        ),
    ),
    Group(
        "who is driving the red car",
        (
            "the driver of the red car",
            "who drives the red car?",
            "the person driving the red car",
        ),
        (
            "who is washing the red car",
            "who is driving the blue car",
            "where the red car is driving",
            "who owns the red car",
        ),
    ),
    Group(
        "the title of the third slide",
        (
            "what is the title of the third slide?",
            "third slide's title",
            "Read the heading of the third slide",
        ),
        (
            "the title of the second slide",
            "the content of the third slide",
            "the author of the third slide",
            "the title of the third book",
        ),
    ),
    Group(
        "how long the interview lasts",
        (
            "the duration of the interview",
            "how long does the interview take?",
            "interview length",
        ),
        (
            "when the interview begins",
            "who gives the interview",
            "how long the break lasts",
            "where the interview takes place",
        ),
    ),
    Group(
        "the shape of the birthday cake",
        (
            "what shape does the birthday cake have",
            "the birthday cake's shape",
            "shape of birthday cake, in detail",
        ),
        (
            "the colour of the birthday cake",
            "the shape of the wedding cake",
            "who cuts the birthday cake",
            "the number of candles on the birthday cake",
        ),
    ),
    Group(
        "what the boy is holding in his left hand",
        (
            "the object in the boy's left hand",
            "what does the boy hold in his left hand?",
            "which item the boy holds in the left hand",
        ),
        (
            "what the boy is holding in his right hand",
            "what the girl is holding in her left hand",
            "whether the boy is left-handed",
            "what the boy is holding in his mouth",
        ),
    ),
    Group(
        "whom the mayor greets",
        (
            "who the mayor greets",
            "which person does the mayor greet?",
            "the person greeted by the mayor",
        ),
        (
            "who greets the mayor",
            "where the mayor greets people",
            "whom the teacher greets",
            "whom the mayor thanks",
        ),
    ),
    Group(
        "the temperature shown on the display",
        (
            "which temperature does the display show?",
            "temperature on the display",
            "Read the temperature on the display exactly.",
        ),
        (
            "the time shown on the display",
            "the temperature of the oven",
            "the brand of the display",
            "the highest temperature of the day",
        ),
    ),
    Group(
        "the ingredients of the sauce",
        (
            "which ingredients are in the sauce?",
            "what ingredients does the sauce contain",
            "list the sauce's ingredients",
        ),
        (
            "the ingredients of the dough",
            "the colour of the sauce",
            "how the sauce is made",
            "who tastes the sauce",
        ),
    ),
    Group(
        "the destination of bus 42",
        (
            "where does bus 42 go?",
            "what is the destination of bus 42?",
            "bus 42's destination",
        ),
        (
            "the destination of bus 24",
            "the driver of bus 42",
            "the colour of bus 42",
            "the destination of tram 42",
        ),
    ),
    Group(
        "which team wins the final",
        (
            "the team that wins the final",
            "the winner team of the final",
            "what team wins the final?",
        ),
        (
            "which team loses the final",
            "which team wins the semi-final",
            "where the final is played",
            "who watches the final",
        ),
    ),
    Group(
        "the object on top of the piano",
        (
            "what is on top of the piano",
            "which object lies on top of the piano?",
            "the thing on the piano",
        ),
        (
            "the object under the piano",
            "who plays the piano",
            "the object on top of the shelf",
            "the colour of the piano",
        ),
    ),
    Group(
        "how often the phone rings",
        (
            "how many times does the phone ring?",
            "the number of times the phone rings",
            "count how often the telephone rings",
        ),
        (
            "who answers the phone",
            "when the phone rings first",
            "how often the doorbell rings",
            "the number shown on the phone",
        ),
    ),
    Group(
        "the first thing the teacher draws on the board",
        (
            "what the teacher draws on the board first",
            "what does the teacher first draw on the board?",
            "identify the first thing drawn on the board by the teacher",
        ),
        (
            "the last thing the teacher draws on the board",
            "what the teacher erases from the board first",
            "what the pupil draws on the board first",
            "the second thing the teacher draws on the board",
        ),
    ),
    Group(
        "the clothes of the singer",
        (
            "what the singer wears",
            "what clothing does the singer wear?",
            "describe the singer's outfit",
        ),
        (
            "the clothes of the drummer",
            "the song of the singer",
            "the singer's instrument",
            "where the singer stands",
        ),
    ),
    Group(
        "details of the machine's control panel",
        (
            "the control panel of the machine",
            "describe the machine's control panel in detail",
            "what the control panel of the machine looks like",
        ),
        (
            "the engine of the machine",
            "the solar panel on the roof",
            "the operator of the machine",
            "which button on the machine's control panel is pressed",
        ),
    ),
    Group(
        "the flag above the entrance",
        (
            "which flag is above the entrance?",
            "the flag hanging above the entrance",
            "identify the flag above the entrance",
        ),
        (
            "the flag below the balcony",
            "the entrance of the hotel",
            "the sign above the entrance",
            "the flag next to the entrance",
        ),
    ),
    Group(
        "the man's reaction to the news",
        (
            "how does the man react to the news?",
            "how the man reacts to the news",
            "reaction of the man to the news",
        ),
        (
            "the woman's reaction to the news",
            "the man's reaction to the gift",
            "the source of the news",
            "what news the man reads",
        ),
    ),
    Group(
        "who sits next to the president",
        (
            "the person sitting next to the president",
            "who is sitting beside the president?",
            "which person sits next to the president",
        ),
        (
            "who sits behind the president",
            "who stands next to the president",
            "who sits next to the minister",
            "where the president sits",
        ),
    ),
    Group(
        "the amount of sugar in the recipe",
        (
            "how much sugar is in the recipe?",
            "how much sugar the recipe needs",
            "the quantity of sugar in the recipe",
        ),
        (
            "the amount of salt in the recipe",
            "the amount of flour in the recipe",
            "who wrote the recipe",
            "why sugar is left out of the recipe",
        ),
    ),
    Group(
        "the time on the station clock",
        (
            "what time does the station clock show?",
            "the time shown by the station clock",
            "Read the time on the clock of the station",
        ),
        (
            "the time on the wrist watch",
            "the shape of the station clock",
            "the name of the station",
            "when the station opens",
        ),
    ),
)
"""English."""

COVERED = (
    ("the colour of the tie", "the colour and the pattern of the tie"),
    ("the pattern of the tie", "the colour and pattern of the tie"),
    ("the number of the buses", "number and colour of the buses"),
    ("who opens the safe", "who opens the safe and when the safe is opened"),
    ("what the man wears", "what the man and the woman wear"),
    ("the title of the slide", "the title, the author and the date of the slide"),
    ("where the key is hidden", "where the key is hidden, and who hides it"),
    ("the singer's age", "the singer's name and age"),
    ("the price of the soup", "the price of the soup as well as of the bread"),
    ("the brand of the phone", "brand, model and colour of the phone"),
)
"""A focus, and an earlier one that asked for more: that covers it, never the other way round."""

NARROWED = (
    ("the colour of the car", "the colour of the car behind the bus"),
    ("who opens the door", "who opens the door with a key"),
    ("what the man says", "what the man says to the doctor"),
    ("the flags", "the flags above the entrance"),
    ("the distance of the car", "the distance between the car and the house"),
    ("the text on the sign", "the text on the red sign"),
    ("what happens", "what happens after the second goal"),
    ("the people in the room", "how many people in the room do not wear glasses"),
)
"""A focus, and an earlier one that looked at less: it does not cover it."""

OTHER_LANGUAGES = (
    Group(
        "die Farbe der Krawatte des Bürgermeisters",
        (
            "Farbe der Krawatte des Bürgermeisters",
            "Welche Farbe hat die Krawatte des Bürgermeisters?",
            "DIE FARBE DER KRAWATTE DES BÜRGERMEISTERS!",
        ),
        ("die Farbe des Hutes des Bürgermeisters", "das Muster der Krawatte des Bürgermeisters"),
    ),
    Group(
        "wer öffnet den Tresor",
        ("Wer öffnet den Tresor?", "wer den Tresor öffnet"),
        ("wann wird der Tresor geöffnet", "wer öffnet die Tür", "wer öffnet den Tresor nicht"),
    ),
    Group(
        "die Anzahl der Personen am Tisch",
        ("Anzahl der Personen am Tisch", "die genaue Anzahl der Personen am Tisch"),
        ("die Anzahl der Stühle am Tisch", "die Namen der Personen am Tisch"),
    ),
    Group(
        "was steht auf dem roten Schild",
        ("Was steht auf dem roten Schild?", "was auf dem roten Schild steht", "Bitte: was steht auf dem roten Schild"),
        ("was steht auf dem blauen Schild", "wo steht das rote Schild", "was liegt auf dem roten Tisch"),
    ),
    Group(
        "市长领带的颜色",
        ("市长领带的颜色。", "市长的领带是什么颜色?", "市长的领带的颜色"),
        ("市长帽子的颜色", "市长领带的图案", "司机领带的颜色"),
    ),
    Group(
        "谁打开了保险箱",
        ("谁打开了保险箱?", "谁打开保险箱", "是谁打开了保险箱"),
        ("谁打开了门", "什么时候打开保险箱", "谁没有打开保险箱"),
    ),
    Group(
        "桌子旁边有几个人",
        ("桌子旁边有几个人?", " 桌子旁边 有几个人", "请看桌子旁边有几个人"),
        ("桌子旁边有几把椅子", "车里有几个人"),
    ),
    Group(
        "红色牌子上写着什么",
        ("红色牌子上写着什么?", "红色的牌子上写着什么"),
        ("蓝色牌子上写着什么", "红色汽车上写着什么", "红色牌子在哪里"),
    ),
    Group(
        "la couleur de la cravate du maire",
        (
            "couleur de la cravate du maire",
            "quelle est la couleur de la cravate du maire ?",
            "La couleur de la cravate du maire.",
        ),
        ("la couleur du chapeau du maire", "le motif de la cravate du maire"),
    ),
    Group(
        "qui ouvre le coffre",
        ("Qui ouvre le coffre ?", "qui est-ce qui ouvre le coffre"),
        ("quand le coffre est ouvert", "qui ouvre la porte", "qui n'ouvre pas le coffre"),
    ),
    Group(
        "le nombre de personnes à la table",
        ("nombre de personnes à la table", "le nombre exact de personnes à la table"),
        ("le nombre de chaises à la table", "le nom des personnes à la table"),
    ),
    Group(
        "ce qui est écrit sur le panneau rouge",
        ("ce qui est écrit sur le panneau rouge.", "qu'est-ce qui est écrit sur le panneau rouge ?"),
        ("ce qui est écrit sur le panneau bleu", "où se trouve le panneau rouge", "ce qui est posé sur la table rouge"),
    ),
)
"""German, Chinese and French: exact or nearly exact wording counts as the same."""


def pairs(groups: tuple[Group, ...]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the (new, old) pairs that are the same, and those that are not; each in both orders."""
    same: list[tuple[str, str]] = []
    other: list[tuple[str, str]] = []
    for group in groups:
        wordings = (group.focus, *group.same)
        same += [(new, old) for new in wordings for old in wordings if new != old]
        other += [pair for old in wordings for new in group.other for pair in ((new, old), (old, new))]
    return same, other
