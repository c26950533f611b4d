"""Word lists of plain English that the embedded reasoner reads questions with. Data only."""

from __future__ import annotations


def word_set(words: str) -> frozenset[str]:
    """Return the words of a list written as one string."""
    return frozenset(words.split())


STOPWORDS = word_set(
    "a an the this that these those some any each every all both either such own same other another else more most "
    "of in on at to from by with for about into onto over under between during through within without per as than "
    "up out off down and or but nor so if then while when where who whom whose which what why how there here "
    "i you he she it we they me him her us them my your his its our their one ones someone somebody anyone anybody "
    "something anything everything thing things is are was were be been being am do does did done doing has have had "
    "having can could will would shall should may might must get gets got let lets please just also only very too "
    "s t re ve ll d m don doesn didn isn aren wasn weren according exactly actually currently right upon towards via "
    "after before until since till together much many behind among around along away regarding concerning"
)
"""Words that carry no content. Negations are not among them."""

NEGATIONS = word_set(
    "no not never none nobody nothing neither without except cannot forbidden prohibited banned unless"
)

MEDIUM = word_set(
    "introduce feature depict portray story tale plot narrative seminar webinar video film clip movie footage "
    "recording trailer "
    "slide screen onscreen caption subtitle title card text word sign "
    "notice board show shown display displayed lecture lecturer presenter speaker talk presentation say said "
    "read write written mention state told tell announce see seen visible appear picture image frame scene view "
    "present "
    "describe call name label print line heading page poster viewer camera episode programme receipt invoice menu "
    "billboard banner poster chart graph table diagram map scoreboard timetable whiteboard blackboard dashboard "
    "adjective noun verb term phrase expression quote quotation topic subject theme list question answer part "
    "point moment time second minute"
)
"""Words about the medium: a question may use them of any video, so a line need not hold them."""

SOFT = word_set(
    "give take make use need hold place happen locate find be come go work keep put set want offer contain "
    "include involve belong stand run hour day date number amount kind type sort people person way thing "
    "someone main exact full specific certain different first possible able available require "
    "expect leave stay visit go play look do people item value figure share level size result fact information "
    "reach contact train bus flight game match recipe project study shop store office building city town country "
    "program "
    "product company visitor user customer dish meal department section"
)
"""Words a paraphrase often adds without changing what is asked. One uncovered does not refute a line."""

SOFT_VERBS = word_set(
    "give take make use need hold place happen locate find be come go work keep put set want offer contain include "
    "involve belong stand run expect leave stay visit play look do reach contact"
)
"""Those of them that say what is done: in `what do they want` that is the question itself."""

SYNONYMS: tuple[frozenset[str], ...] = tuple(
    word_set(group)
    for group in (
        "begin start commence kick-off open onset",
        "end finish conclude close stop",
        "shut closed close",
        "price cost charge fee fare pay rate expensive admission",
        "free complimentary gratis",
        "buy purchase order",
        "sell offer stock",
        "leave depart departure departures go",
        "arrive arrival arrivals land reach come",
        "phone telephone tel call mobile hotline",
        "email e-mail mail",
        "website web url site homepage internet online",
        "wifi wi-fi wlan wireless",
        "password passcode passphrase",
        "pay paid fund funded sponsor sponsored finance financed support supported grant",
        "discover discovered find found unearthed",
        "lend lent loan borrow",
        "drop dropped fall fell decrease decreased decline declined reduce reduced sink shrink less lower",
        "rise rose increase increased grow grew growth climb climbed higher more gain",
        "retreat recede withdraw",
        "weigh weight heavy mass",
        "tall high height",
        "long length duration",
        "wide width broad",
        "deep depth",
        "old age aged",
        "far distance range",
        "fast speed quick velocity",
        "warm hot temperature degrees degree",
        "author writer write wrote written",
        "teacher instructor professor lecturer",
        "doctor physician dr",
        "film movie picture",
        "car automobile vehicle",
        "bike bicycle",
        "road street lane avenue",
        "shop store",
        "building house",
        "child kid children kids",
        "late delay delayed",
        "cancel cancelled canceled",
        "spectator attendance audience crowd visitors",
        "allow allowed permit permitted",
        "forbid forbidden prohibit prohibited ban banned",
        "need require required necessary must",
        "winner win won winning champion",
        "lose lost loser defeat",
        "people persons population inhabitants residents",
        "company firm business enterprise",
        "job work employment position",
        "city town",
        "country nation",
        "picture painting photo image",
        "ill sick",
        "big large huge",
        "small little tiny",
        "fix repair mend",
        "help assistance support aid",
        "error fault bug failure",
        "meeting appointment session",
        "exam test examination",
        "deadline due submit submission",
        "homework assignment exercise",
        "room hall auditorium",
        "food meal dish",
        "revenue income turnover earnings sales",
        "profit gain surplus",
        "percent percentage share proportion",
        "register registration sign-up signup enrol enroll",
        "ticket admission entry entrance",
        "toilet restroom bathroom wc",
        "lift elevator",
        "bin trash rubbish garbage waste",
        "autumn fall",
        "holiday vacation",
        "bake oven cook",
        "speaker lecturer presenter",
        "next upcoming following",
        "last final",
        "warning alert caution",
        "team club side",
        "unreachable unavailable offline down",
        "contact reach",
        "medicine drug tablet tablets medication pill",
        "birth born",
        "light lamp lantern beacon",
        "ship vessel boat",
        "house home",
        "enter entry entrance admission access",
        "queue wait waiting",
        "wind gust breeze",
        "heart cardiology cardiac",
        "postpone postponed delay delayed reschedule",
        "break interval intermission pause recess",
        "participate participant attend join",
        "staff employee worker crew",
        "boss manager director head",
        "summit peak top",
        "deliver delivery shipment shipping",
        "collect collection pickup",
        "install installation setup",
        "possess own owned owner",
        "lead leader leading ahead",
        "hazard danger risk dangerous",
        "goal score scored point",
        "bill invoice receipt total",
        "play game match versus vs against",
        "recommend advise suggest",
        "teach taught instruct",
        "search seek look",
        "choose select pick",
        "create make made build built develop produce",
        "launch release publish issue",
        "verify check confirm",
        "average mean typical",
        "height altitude elevation",
        "die died death dead",
    )
)
"""Groups of words that may stand for one another where the rest of a line fits."""

OPPOSITES: tuple[tuple[frozenset[str], frozenset[str]], ...] = tuple(
    (word_set(left), word_set(right))
    for left, right in (
        ("open opening opens opened", "close closed closing closes shut"),
        ("start begin beginning starts begins opening", "end finish ending ends finishes closing"),
        (
            "arrive arrival arrivals arrives arriving land landing",
            "depart departure departures departs leave leaves leaving",
        ),
        ("entrance enter entry", "exit leave way-out"),
        ("allowed permitted free", "forbidden prohibited banned"),
        (
            "rise rose increase increased higher up growth grew gain",
            "fall fell decrease decreased lower down drop dropped loss decline",
        ),
        ("minimum min lowest least smallest cheapest", "maximum max highest most largest greatest"),
        ("first earliest", "last final latest"),
        ("win won winner", "lose lost loser"),
        ("buy bought purchase", "sell sold sale"),
        ("adult adults", "child children student students senior seniors"),
        ("home", "away"),
        ("north northern", "south southern"),
        ("east eastern", "west western"),
        ("left", "right"),
        ("before", "after"),
        ("import imports", "export exports"),
        ("cash", "card"),
        ("born birth", "died death"),
        ("male man men", "female woman women"),
        ("breakfast", "lunch dinner"),
        ("morning", "evening afternoon night"),
        ("upstairs", "downstairs"),
        ("hot warm", "cold cool"),
        ("single", "return"),
        ("input", "output"),
        ("sunrise", "sunset"),
        ("check-in", "check-out checkout"),
    )
)
"""Words of which one side refutes the other: meaning by vectors cannot tell them apart."""

PHRASAL: dict[str, str] = {
    "called off": "cancelled", "call off": "cancel", "put off": "postponed", "get in": "enter", "sign up": "register",
    "log in": "login", "shut down": "closed", "hand in": "submit", "handed in": "submitted", "look for": "search",
    "find out": "discover", "drop off": "deliver", "pick up": "collect", "moved back": "retreated",
    "move back": "retreat", "go up": "rise", "went up": "rose", "go down": "fall", "went down": "fell",
    "carried out": "performed", "carry out": "perform", "set up": "install", "give up": "quit", "ran out": "empty",
    "take part": "participate", "took part": "participated", "hold on": "wait", "come up with": "invent",
    "turned down": "rejected", "brought out": "published", "come out": "released", "came out": "released",
}  # fmt: skip
"""Verbs of two words, and one word that says the same."""

COLOURS = word_set(
    "red orange yellow green blue purple violet pink brown black white grey gray silver gold golden beige turquoise "
    "cyan magenta maroon navy teal olive cream"
)

WEEKDAYS = word_set(
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun"
)

MONTHS = word_set(
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec"
)

KINDS: dict[str, frozenset[str]] = {
    "animal": word_set(
        "dog cat bird bunny rabbit horse cow pig sheep goat lion tiger bear wolf fox deer mouse rat squirrel rodent "
        "elephant monkey fish shark whale dolphin snake frog turtle duck goose chicken hen owl eagle penguin bee ant "
        "butterfly spider insect kangaroo giraffe zebra crocodile seal otter hedgehog beaver donkey camel"
    ),
    "country": word_set(
        "germany france spain italy poland sweden norway finland denmark austria switzerland belgium netherlands "
        "portugal greece turkey russia ukraine china japan india korea brazil argentina chile mexico canada usa "
        "america "
        "england scotland ireland wales britain uk australia zealand egypt morocco kenya nigeria ethiopia iran iraq "
        "israel vietnam thailand indonesia malaysia singapore philippines pakistan bangladesh peru colombia cuba "
        "iceland "
        "estonia latvia lithuania czechia slovakia hungary romania bulgaria serbia croatia slovenia"
    ),
    "language": word_set(
        "english german french spanish italian portuguese russian chinese mandarin japanese korean arabic hindi latin "
        "greek dutch swedish norwegian danish finnish polish turkish czech hungarian python java javascript rust"
    ),
    "fruit": word_set(
        "apple pear plum cherry banana orange lemon lime grape peach mango strawberry raspberry melon berry"
    ),
    "metal": word_set("iron steel copper bronze gold silver zinc tin lead aluminium aluminum titanium nickel brass"),
    "season": word_set("spring summer autumn fall winter"),
    "colour": COLOURS,
    "color": COLOURS,
    "weekday": WEEKDAYS,
    "month": MONTHS,
}
"""Members of common kinds: `which animal` is answered by a line that names one."""

NUMBER_WORDS: dict[str, int] = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "hundred": 100, "thousand": 1000, "dozen": 12}

UNSEEABLE_VERBS = word_set(
    "wear hold carry smile laugh cry walk run dance sing sit stand jump eat drink drive ride throw catch chop kick hug "
    "kiss fight shout whisper wave look touch push pull lift point click react feel behave gesture sleep climb swim "
    "watch cut stir pour hit fall nod clap cheer chase follow escape attack steal hide"
)
"""Verbs whose doer must be seen. A line may still state them in words."""

SOUNDS = word_set("sound voice music song noise melody tune accent tone loud quiet hear heard listen sing singer")
FEELINGS = word_set("feel feeling emotion mood angry happy sad afraid nervous excited bored facial expression reaction")
LOOKS = word_set("wearing clothes dress hair beard hat shirt coat tie glasses face look gender audience background")
