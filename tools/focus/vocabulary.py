"""The words a focus is made of. Data only: changing it changes what counts as the same focus."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LEADS = (
    r"please|(?:can|could) you|try to|now|then|again|"
    r"look(?: again| closely| carefully)*(?: at| for)?|(?:find|figure|work) out|find|identify|determine|describe|"
    r"report|note|tell(?: me| us)?|say|state|read(?: off| out)?|check|see|observe|examine|inspect|focus on|"
    r"pay attention to|zoom in on|(?:list|name|give)(?= (?:the|all|every|its|his|her)\b)|"
    r"(?:all )?(?:the )?(?:exact )?details? (?:of|about)|count(?= how\b)"
)
"""What tells somebody to look. It asks for nothing."""

_PLURAL = r"(?=(?:\w+ ){0,3}?(?:\w+s|people|children|men|women|mice|feet)\b)"
_THE = r"(?:the|a|an|his|her|its|their|\w+'s)"
PHRASES = (
    (r"what's\b", "what is"),
    (r"^(.*?)[ :,;]+(?:and )?(?:\w+ )?its (\w+)(?: ;)?$", r"\2 of \1"),
    (r"\b(?:in|on|at|to|from|with|for) (?=(?:which|what)\b)", " "),
    (r"\b(?:is |are )?used (?:to|for|in)\b", " "),
    (r"\bwhat (?:is |are )?(?:written|printed)\b", " text "),
    (rf"\bwhat (?:does |do )?({_THE} .*?) (?:says?|reads?)$", r" text of \1 "),
    (rf"\bwhat (?:does |do |is |are )?({_THE} .*?) (?:wears?|wearing)$", r" clothes of \1 "),
    (
        rf"\b(?:which|what|(how many)) (\w+) (?:does |do )?({_THE} .*?) (?:shows?|has|have|contains?|displays?)$",
        r" \1 \2 of \3 ",
    ),
    (rf"\b(?:which|what) (\w+) (?:is|are|was|were) (?={_THE} )(?!.*(?:ing|ed)\b)", r" \1 of "),
    (r"\bhow (?:often|frequently|many times)\b|\bnumber of times\b", " @often "),
    (r"\bhow much (?:does |do |did )?(?=.*\b(?:costs?|charged?|pa(?:y|id))\b)", " "),
    (r"\bhow expensive\b", " price "),
    (r"\bhow (?:many|much)\b|\b(?:quantity|amount) of\b|^count(?: of)?\b", " @count "),
    (rf"\b(?:number|count)(?: of|(?=(?:,| and) .* of)) {_PLURAL}", " @count "),
    (r"\bhow (?:tall|high)\b", " height "),
    (r"\bhow old\b", " age "),
    (r"\bhow (?:big|large)\b", " size "),
    (r"\bhow far\b", " distance "),
    (r"\bhow fast\b", " speed "),
    (r"\bhow heavy\b", " weight "),
    (r"\bhow wide\b", " width "),
    (r"\bhow (?:hot|warm|cold)\b", " temperature "),
    (r"\bhow long (.*?)\b(?:takes?|lasts?|lasted|took)\b", r" @long \1 "),
    (r"\bhow long\b|\bduration\b|\blength\b", " @long "),
    (r"\bwhere (?:does |do |did |is |are )?(.*?)\b(?:goes|go|going|headed|heading)(?: to)?$", r" destination \1 "),
    (r"\bt(?:akes?|aken|aking|ook) place\b|\bgo(?:es|ing)? on\b|\bwhat (?:is )?happen\w*|\bevents?\b", " happen "),
    (r"\b(?:time|moment|point)s? (?:at which|when)\b", " @when "),
    (r"\b(?:at )?(?:what|which) (?:time|moment|point)\b|\bwhen\b|\bpoint in time\b|\btimes?\b", " @when "),
    (r"\b(?:in |at )?(?:which|what) (?:place|location|spot)\b", " @where "),
    (r"\b(?:place|location|spot)(?: (?:where|in which|at which))?\b|\bwhere\b", " @where "),
    (r"\bfor (?:what|which) reason\b|\breasons?(?: why| for| of)?\b|\bwhy\b", " @why "),
    (r"\b(?:identity of )?(?:which |what )?(?:person|people|persons|somebody|someone)(?: who| that)?\b", " @who "),
    (r"\bwho(?:m)?\b|\bidentity(?: of)?\b", " @who "),
    (r"\bwhat (.*?)\blooks? like\b|\bhow (.*?)\blooks?\b(?: like)?|\bappearance of\b", r" \1 \2 "),
    (r"\bwhat (.*?)\b(weather) (?:is )?like\b", r" \2 \1 "),
    (r"\b(?:in |by )?(?:which|what) (?:way|manner)\b|\bhow\b", " @how "),
    (r"^(?:is|are|was|were|does|do|did|has|have|can)\b|\bwhether\b|\bif\b", " @whether "),
    (r"\bwhat (?:is|are|was) (.*?)\bcalled\b", r" name \1 "),
    (r"\bwhat (?:does|do|did|is|are) (.*?)\b(?:do|doing)\b", r" @do \1 "),
    (rf"\bwhat (?={_THE}\b)(.*?)\b(?:does|do|did|is doing)\b", r" @do \1 "),
    (r"\b(?:actions?|activity) of\b", " @do "),
    (rf"\bwhat (?:is|are|was|were) (?={_THE}\b)", " "),
    (r"\b(?:which|what) (?:objects?|things?|items?)\b", " @object "),
    (rf"\bwhat (?=(?:{_THE}|is|are|was|were|does|do|did|has|have)\b)", " @object "),
    (r"\bwhat (?=\w+s (?:on|in|under|behind|beside|near|at)\b)", " @object "),
    (r"\b(?:objects?|things?|items?|something)\b", " @object "),
    (r"\bin front of\b", " infront "),
    (r"\bnext to\b|\bby the side of\b|\bclose to\b", " beside "),
    (r"\bon (?:the )?top of\b", " on "),
    (r"\bg(?:et|ets|etting|ot) (?:out|away)\b", " escape out "),
    (r"\bout of\b", " outof "),
    (r"\bprior to\b", " before "),
    (r"\bas well as\b|\bplus\b|&|\balong with\b", " and "),
    (r"\b(?:kinds?|types?|sorts?) of\b", " "),
)
"""What is asked for, however it is put: an expression, and what it is told as (`@who`, `@when` …). In this order."""

RELATIONS = {
    "behind": "behind", "before": "before", "after": "after", "above": "above over", "without": "without",
    "below": "below under underneath beneath", "infront": "infront", "beside": "beside near alongside",
    "between": "between", "inside": "in inside into within", "on": "on onto upon", "outof": "outof outside",
    "against": "against", "through": "through", "around": "around", "until": "until", "since": "since",
    "to": "to towards toward", "from": "from", "by": "by", "of": "of", "about": "about", "with": "with", "for": "for",
}  # fmt: skip
"""How a word stands to the rest, and the prepositions that say so."""
STRONG = _words(
    "behind before after above below infront beside between outof without against through around until since"
)
"""Relations that ask for something else when they are missing or another."""
STANDING = _words("on inside from with about for to")
"""Relations that what acts, or is acted on, does not have."""
OPPOSED = (frozenset({"inside", "on"}), frozenset({"to", "from"}))

FILLERS = _words(
    "a an the this that these those some any all each every its his her their your it he she they him them is are was "
    "were be been being am do does did doing has have had having can could will would shall should may might must or "
    "as which what s out up off down at than then so exactly exact precisely precise clearly clear "
    "closely close carefully careful detail details detailed visible shown seen displayed appear appears appearing "
    "please there here also very really full specific actual currently video clip segment scene frame footage "
    "own during while no not never cannot"
)
"""Words that ask for nothing. What denies is kept by the wish as a whole."""

SAME_STEM = {
    "text": "text texts word words written writing wrote writes write says say said saying reads inscription "
    "lettering wording",
    "colour": "color colors coloured colored colour colours", "licence": "license licence", "plate": "plate plates",
    "cancel": "cancelled canceled cancelling cancel cancels", "sit": "sit sits sitting sat",
    "wear": "wear wears wearing worn wore dressed", "hide": "hide hides hiding hidden hid", "grey": "gray grey",
    "centre": "center centre", "run": "run runs running ran", "put": "put puts putting", "cut": "cut cuts cutting",
    "win": "win wins winning won winner winners", "draw": "draw draws drawing drawn drew drawings",
    "break": "break breaks breaking broke broken", "drink": "drink drinks drinking drank drunk",
    "steal": "steal steals stealing stole stolen", "shake": "shake shakes shaking shook shaken",
    "stand": "stand stands standing stood", "swim": "swim swims swimming swam", "hit": "hit hits hitting",
    "tear": "tear tears tearing tore torn", "blow": "blow blows blowing blew blown", "get": "get gets getting got",
    "read": "read reading", "lay": "lay lays laid laying", "feed": "feed feeds feeding fed",
    "set": "set sets setting", "throw": "throw throws throwing threw thrown", "hang": "hang hangs hanging hung",
}  # fmt: skip
"""Forms of a word that the general stemmer keeps apart; `text` is whatever is written."""

SAME = (
    "tie necktie", "laptop notebook", "clothes clothing outfit dress wear garment attire", "hand give pass",
    "man guy gentleman", "woman lady", "spectacles glasses", "sofa couch", "cup mug", "lorry truck", "tv television",
    "build construct", "brand make manufacturer", "title heading headline", "street road", "escape flee",
    "phone telephone", "shirt jersey", "trousers pants", "photo picture", "steps stairs", "bag handbag",
    "shop store", "begin start", "hold carry grasp", "price cost", "boat ship", "dish meal",
    "sweater jumper", "plane airplane aeroplane aircraft", "motorbike motorcycle", "taxi cab", "rubbish trash",
    "hit strike", "speak talk", "look gaze", "cook chef", "lecturer speaker presenter", "kid child", "pupil student",
)  # fmt: skip
"""Words that ask for the same here, beside the general synonyms."""
SIBLINGS = (
    "open close start begin end finish enter exit arrive leave depart put take give get add remove show hide buy sell "
    "first second third fourth fifth last next previous left right top bottom front back final half "
    "morning evening noon night day man woman boy girl child adult teacher pupil red green blue yellow black white "
    "brown orange grey pink purple car bus truck van train tram plane bike dog cat horse bird hat coat shirt tie "
    "shoe glove scarf trousers mother father son daughter brother sister pattern colour shape size name age title "
    "date price brand number text door window wall floor ceiling table chair desk shelf cup plate bottle glass "
    "spoon knife fork north south east west say sing hear see win lose question answer whiteboard blackboard "
    "upstairs downstairs hour minute day week month year"
)
"""Words that vectors, and lists of words that go together, take for the same, though none of them means another."""
CONNECTING = (
    "hold lie lies lying stand standing sit sitting hang hanging located placed situated use used using wear wearing "
    "need contain include show display mounted"
)
"""Verbs that only connect: one of two may say them, not both in different ways."""
READ_OFF = "name title number price brand temperature colour date"
"""What is read off: that it is written there may go without saying."""
REACTIONS = "react reaction respond response behave"
"""What can only be told as a `how`."""
PARTICIPLES = _words(
    "written taken given hidden drawn put cut held built worn sold bought made paid kept shown seen found told thrown "
    "broken stolen eaten drunk driven ridden sung caught taught brought sent spent left lost won read hit set hung "
    "shot beaten bitten chosen worn torn fed led met laid spoken forgotten known begun done cast cut let shut split"
)
"""Irregular participles: after them a `by` names who acts."""
BE = _words("is are was were be been being gets get got")

FOREIGN_FILLERS = _words(
    "der die das den dem des ein eine einen einem einer eines und hat ist sind bitte genau genaue welche welcher "
    "welches le la les l du de d un une et est sont ce c qu que quel quelle exact exacte"
)
FOREIGN = FOREIGN_FILLERS | _words(
    "wer wen wem wo wann warum wie auf im am an zu mit von nicht kein keine qui quand combien dans sur au aux avec "
    "pas ne n'est j'ai"
)
ENGLISH = _words("the of is a an are who what which where when how in on at to does do and by with for")
"""More of these than of `FOREIGN`: the rules for English apply."""
