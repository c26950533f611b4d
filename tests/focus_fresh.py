"""What looks are for, over other material than the rules were made with. Data only."""

from __future__ import annotations

from tests.focus_groups import Group

GROUPS = (
    Group(
        "Which ingredient goes into the pot right after the garlic?",
        (
            "the ingredient that goes into the pot right after the garlic",
            "what ingredient goes in the pot just after the garlic?",
        ),
        (
            "which ingredient goes into the pot right before the garlic",
            "who puts the garlic into the pot",
            "how much garlic goes into the pot",
        ),
    ),
    Group(
        "the score on the scoreboard at half-time",
        ("Read the scoreboard's score at half-time.", "what score does the scoreboard show at half-time?"),
        (
            "the score on the scoreboard at the end",
            "the advertisement under the scoreboard",
            "who looks at the scoreboard at half-time",
        ),
    ),
    Group(
        "who passes the ball to number 7",
        ("the player who passes the ball to number 7", "Identify who is passing the ball to number 7"),
        ("who number 7 passes the ball to", "who passes the ball to number 9", "who takes the ball from number 7"),
    ),
    Group(
        "how many slides mention the budget",
        ("the number of slides that mention the budget", "count the slides that mention the budget"),
        (
            "how many slides mention the deadline",
            "what the slides say about the budget",
            "how many people mention the budget",
        ),
    ),
    Group(
        "what the lecturer writes below the second equation",
        (
            "what is written by the lecturer below the second equation?",
            "the text the lecturer writes under the second equation",
        ),
        (
            "what the lecturer writes above the second equation",
            "what the lecturer writes below the first equation",
            "what the lecturer says about the second equation",
        ),
    ),
    Group(
        "the colour of the backpack the cyclist carries",
        ("what colour is the cyclist's backpack?", "colour of the backpack carried by the cyclist"),
        ("the colour of the bicycle", "the colour of the cyclist's helmet", "what the cyclist carries in the backpack"),
    ),
    Group(
        "whether the gate is locked when the guard leaves",
        ("is the gate locked when the guard leaves?", "check whether the gate is locked as the guard leaves"),
        (
            "whether the gate is open when the guard arrives",
            "who locks the gate",
            "whether the guard leaves before the gate is locked",
        ),
    ),
    Group(
        "the man walking behind the woman with the umbrella",
        (
            "describe the man who walks behind the woman with the umbrella",
            "the man that is walking behind the woman with the umbrella",
        ),
        (
            "the woman walking behind the man with the umbrella",
            "the man with the umbrella walking behind the woman",
            "the man walking in front of the woman with the umbrella",
        ),
    ),
    Group(
        "which bird feeds the chick",
        ("the bird that feeds the chick", "what bird is feeding the chick?"),
        ("which chick the bird feeds", "what the bird feeds the chick", "how often the bird feeds the chick"),
    ),
    Group(
        "the time printed on the receipt",
        ("what time is printed on the receipt?", "Read the time that is printed on the receipt"),
        ("the total printed on the receipt", "when the receipt is printed out", "the time on the wall clock"),
    ),
    Group(
        "where the surgeon puts the clamp",
        ("the place where the surgeon puts the clamp", "where does the surgeon put the clamp?"),
        ("where the nurse puts the clamp", "where the surgeon takes the clamp from", "which clamp the surgeon uses"),
    ),
    Group(
        "how the actress leaves the room",
        ("in what way does the actress leave the room?", "how does the actress leave the room"),
        ("why the actress leaves the room", "when the actress leaves the room", "how the actress enters the room"),
    ),
    Group(
        "the name on the badge of the receptionist",
        ("what name is on the receptionist's badge?", "the receptionist's name on the badge"),
        (
            "the name on the badge of the visitor",
            "the colour of the receptionist's badge",
            "the name of the hotel on the badge",
        ),
    ),
    Group(
        "what the child gives the grandmother",
        ("which object does the child give to the grandmother?", "the thing given to the grandmother by the child"),
        (
            "what the grandmother gives the child",
            "what the child gives the grandfather",
            "when the child gives the grandmother the present",
        ),
    ),
    Group(
        "why the match is interrupted",
        ("the reason the match is interrupted", "for what reason is the match interrupted?"),
        ("when the match is interrupted", "how long the match is interrupted", "who interrupts the match"),
    ),
    Group(
        "the last word the witness says",
        ("what is the last word the witness says?", "the witness's last word"),
        ("the first word the witness says", "the last word the judge says", "who speaks to the witness last"),
    ),
    Group(
        "the train arriving on platform 4",
        ("which train arrives on platform 4?", "the train that arrives on platform 4"),
        ("the train arriving on platform 14", "the train leaving from platform 4", "the people waiting on platform 4"),
    ),
    Group(
        "how tall the tower of blocks is",
        ("the height of the tower of blocks", "how high is the tower of blocks?"),
        ("how many blocks the tower has", "who builds the tower of blocks", "the colour of the tower of blocks"),
    ),
    Group(
        "the animal under the parked car",
        ("what animal is under the parked car?", "which animal hides beneath the parked car"),
        ("the animal on the parked car", "the owner of the parked car", "the car parked over the animal's bowl"),
    ),
    Group(
        "the brand written on the drill",
        ("which brand is on the drill?", "the drill's brand"),
        ("the brand written on the saw", "the size of the drill", "the price written on the drill"),
    ),
    Group(
        "who the coach shouts at",
        ("the person the coach shouts at", "at whom does the coach shout?"),
        ("who shouts at the coach", "what the coach shouts", "why the coach shouts"),
    ),
    Group(
        "the order in which the runners finish",
        ("in which order do the runners finish?", "runners' finishing order"),
        (
            "the order in which the runners start",
            "the number of runners that finish",
            "the time at which the runners finish",
        ),
    ),
    Group(
        "the pedestrian hit by the scooter",
        ("which pedestrian is hit by the scooter", "the pedestrian whom the scooter hits"),
        ("the scooter hit by the pedestrian", "the pedestrian hit by the car", "where the scooter hits the pedestrian"),
    ),
    Group(
        "the phone number at the bottom of the poster",
        ("Read the phone number at the bottom of the poster.", "what phone number is at the bottom of the poster?"),
        (
            "the phone number at the top of the poster",
            "the phone next to the poster",
            "the date at the bottom of the poster",
        ),
    ),
    Group(
        "what is inside the box that the courier delivers",
        ("the contents of the box delivered by the courier", "what does the box that the courier delivers contain?"),
        (
            "who delivers the box",
            "the size of the box that the courier delivers",
            "what is next to the box that the courier delivers",
        ),
    ),
    Group(
        "the temperature the oven is set to",
        ("to what temperature is the oven set?", "which temperature is the oven set to"),
        ("the time the oven is set to", "the temperature of the fridge", "what is put into the oven"),
    ),
    Group(
        "the speaker's answer to the question about funding",
        (
            "how does the speaker answer the question about funding?",
            "what the speaker answers to the question about funding",
        ),
        (
            "the question about funding",
            "the speaker's answer to the question about staff",
            "who asks the question about funding",
        ),
    ),
    Group(
        "the direction in which the ship turns",
        ("in which direction does the ship turn?", "what direction the ship turns"),
        ("the speed at which the ship turns", "when the ship turns", "the direction in which the wind turns"),
    ),
    Group(
        "the hat the magician pulls the rabbit out of",
        (
            "which hat does the magician pull the rabbit out of?",
            "describe the hat from which the magician pulls the rabbit",
        ),
        (
            "what the magician pulls out of the hat",
            "the rabbit the magician pulls out of the hat",
            "the hat of the magician's assistant",
        ),
    ),
    Group(
        "how many times the bell rings before the lesson starts",
        (
            "the number of times the bell rings before the lesson starts",
            "how often does the bell ring before the lesson begins?",
        ),
        (
            "how many times the bell rings after the lesson starts",
            "when the bell rings before the lesson starts",
            "who rings the bell before the lesson starts",
        ),
    ),
)
"""These showed that the rules of then knew too few actors; they were made more general."""

UNSEEN = (
    Group(
        "Which button does the pilot press before take-off?",
        ("the button the pilot presses before take-off", "what button is pressed by the pilot before take-off?"),
        (
            "which button the pilot presses after take-off",
            "who presses the button before take-off",
            "which lever the pilot pulls before take-off",
        ),
    ),
    Group(
        "the logo on the swimmer's cap",
        ("what logo is on the swimmer's cap?", "Look at the logo on the cap of the swimmer"),
        ("the colour of the swimmer's cap", "the logo on the coach's cap", "the logo on the swimmer's towel"),
    ),
    Group(
        "what the nurse writes on the chart",
        ("Read what the nurse writes on the chart", "what is written on the chart by the nurse?"),
        ("what the doctor writes on the chart", "where the nurse puts the chart", "who writes on the chart"),
    ),
    Group(
        "the dog that follows the postman",
        ("which dog follows the postman?", "the dog following the postman"),
        ("the postman who follows the dog", "the dog the postman follows", "the dog that follows the milkman"),
    ),
    Group(
        "how many goals the visitors score",
        ("the number of goals the visitors score", "count the goals scored by the visitors"),
        ("how many goals the hosts score", "when the visitors score", "who scores for the visitors"),
    ),
    Group(
        "the height of the waterfall given in the caption",
        ("what height of the waterfall does the caption give?", "the waterfall's height given in the caption"),
        (
            "the name of the waterfall given in the caption",
            "the height of the bridge given in the caption",
            "who wrote the caption",
        ),
    ),
    Group(
        "who is interviewed by the reporter",
        ("the person interviewed by the reporter", "whom does the reporter interview?"),
        ("who interviews the reporter", "where the reporter interviews people", "what the reporter asks"),
    ),
    Group(
        "the picture hanging to the left of the clock",
        ("which picture hangs to the left of the clock?", "the picture that hangs left of the clock"),
        (
            "the picture hanging to the right of the clock",
            "the clock hanging to the left of the picture",
            "the frame of the picture",
        ),
    ),
    Group(
        "why the alarm goes off",
        ("the reason the alarm goes off", "for what reason does the alarm go off?"),
        ("when the alarm goes off", "who turns the alarm off", "how long the alarm sounds"),
    ),
    Group(
        "the subtitle shown while the mother cries",
        ("what subtitle is shown while the mother cries?", "Read the subtitle shown while the mother is crying"),
        (
            "the subtitle shown before the mother cries",
            "why the mother cries",
            "the subtitle shown while the father cries",
        ),
    ),
    Group(
        "the material of the table under the vase",
        ("what material is the table under the vase?", "which material the table under the vase is made of"),
        (
            "the material of the vase on the table",
            "the material of the table under the lamp",
            "the colour of the table under the vase",
        ),
    ),
    Group(
        "the moment the balloon bursts",
        ("when does the balloon burst?", "at what time the balloon bursts"),
        ("why the balloon bursts", "the moment the balloon rises", "who bursts the balloon"),
    ),
    Group(
        "what the second speaker says about taxes",
        ("what does the second speaker say about taxes?", "the second speaker's words about taxes"),
        (
            "what the second speaker says about pensions",
            "what the first speaker says about taxes",
            "who speaks about taxes second",
        ),
    ),
    Group(
        "whether the customer pays by card",
        ("does the customer pay by card?", "check if the customer is paying by card"),
        ("whether the customer pays in cash", "how much the customer pays", "whether the customer loses the card"),
    ),
)
"""Written after the last change to the rules."""
