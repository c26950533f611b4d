"""What looks are for, worded freely by somebody who knew neither the rules nor the other corpora. Data only."""

from __future__ import annotations

from tests.focus_groups import Group

GROUPS = (
    # --- cooking
    Group(
        "How many eggs does the cook crack into the bowl?",
        (
            "Count the eggs the cook breaks into the bowl.",
            "the number of eggs cracked into the bowl by the cook",
            "Tell me how many eggs the cook cracks into the bowl.",
        ),
        (
            "How many cups of flour does the cook tip into the bowl?",
            "What colour is the bowl the cook cracks the eggs into?",
            "Which hand does the cook use to crack the eggs into the bowl?",
            "How many eggs are left in the carton after the cook is done?",
        ),
    ),
    Group(
        "which ingredient goes into the pan right after the onions",
        (
            "What is added to the pan immediately after the onions?",
            "Identify the ingredient put in the pan directly following the onions.",
            "the ingredient that follows straight after the onions into the pan",
        ),
        (
            "which ingredient goes into the pan right before the onions",
            "which ingredient goes into the pan right after the garlic",
            "which utensil stirs the pan right after the onions go in",
            "which ingredient is left out of the pan entirely",
        ),
    ),
    Group(
        "the oven temperature the baker sets for the sourdough",
        (
            "What temperature does the baker set the oven to for the sourdough?",
            "Note how hot the baker sets the oven for the sourdough loaf.",
            "Which oven temperature is set by the baker for the sourdough?",
        ),
        (
            "the baking time the baker gives for the sourdough",
            "the oven temperature the baker sets for the croissants",
            "the water temperature the baker uses for the sourdough dough",
            "the oven shelf the baker chooses for the sourdough",
        ),
    ),
    Group(
        "Does the chef pour the sauce over the noodles or put the noodles into the sauce?",
        (
            "Check whether the noodles are put into the sauce by the chef or the sauce poured over the noodles.",
            "whether the chef adds noodles to the sauce or pours the sauce on top of the noodles",
            "Is the sauce poured over the noodles, or do the noodles go into the sauce, when the chef combines them?",
        ),
        (
            "Does the chef drain the noodles in a sieve or lift them out with tongs?",
            "Does the chef serve the noodles in a bowl or on a flat plate?",
            "Does the chef pour the sauce over the rice or put the rice into the sauce?",
            "Does the chef taste the sauce before or after salting it?",
        ),
    ),
    Group(
        "knife used to fillet the salmon: its type and blade length",
        (
            "What kind of knife is used to fillet the salmon and how long is its blade?",
            "Describe the type and the blade length of the knife that fillets the salmon.",
            "blade length and type of the salmon filleting knife",
        ),
        (
            "knife used to slice the cucumber: its type and blade length",
            "tongs used to turn the salmon: their material and length",
            "board used to fillet the salmon: its material and size",
            "knife used to fillet the salmon: the brand stamped on the handle",
        ),
    ),
    # --- sports
    Group(
        "Who passes the ball to number 10 before the first goal?",
        (
            "Which player delivers the pass to number 10 ahead of the first goal?",
            "Identify whoever passes the ball to number 10 before goal number one.",
            "the player who passes to number 10 before the opening goal",
        ),
        (
            "To whom does number 10 pass the ball before the first goal?",
            "Who passes the ball to number 10 before the second goal?",
            "Who tackles number 10 before the first goal?",
            "Who hugs number 10 after the first goal?",
        ),
    ),
    Group(
        "final score shown on the scoreboard when the match ends",
        (
            "What score does the scoreboard show at the end of the match?",
            "Read the final score off the scoreboard as the match finishes.",
            "the scoreboard's final score at full time",
        ),
        (
            "score shown on the scoreboard at half time",
            "team names shown on the scoreboard when the match ends",
            "the advert shown beside the scoreboard when the match ends",
            "attendance figure shown on the scoreboard when the match ends",
        ),
    ),
    Group(
        "List the runners who overtake the woman in the green vest.",
        (
            "Which runners pass the woman wearing the green vest?",
            "every runner that overtakes the woman in the green vest",
            "Name all the runners by whom the woman in the green vest is overtaken.",
        ),
        (
            "List the runners whom the woman in the green vest overtakes.",
            "List the runners who overtake the man in the green vest.",
            "List the runners who shake hands with the woman in the green vest.",
            "List the runners who start beside the woman in the green vest.",
        ),
    ),
    Group(
        "the referee's reason for showing the red card",
        (
            "Why does the referee show the red card?",
            "What is the referee's reason for the red card?",
            "Find out for what reason the referee gives the red card.",
        ),
        (
            "the referee's reason for awarding the penalty",
            "the minute in which the referee shows the red card",
            "the coach's reaction to the red card",
            "the referee's reason for disallowing the header",
        ),
    ),
    Group(
        "How many times does the tennis player in white double-fault in the first set?",
        (
            "Count the double faults by the tennis player in white during set one.",
            "number of double faults the tennis player in white makes in the first set",
            "In the first set, how often does the white-clad tennis player double-fault?",
        ),
        (
            "How many times does the tennis player in white double-fault in the second set?",
            "How many aces does the tennis player in white hit in the first set?",
            "How many times does the tennis player in navy double-fault in the first set?",
            "How many times does the tennis player in white challenge a line call in the first set?",
        ),
    ),
    Group(
        "Which climber reaches the summit ledge last?",
        (
            "Who is the last climber to get to the summit ledge?",
            "the climber who arrives last at the summit ledge",
            "Identify the final climber to reach the summit ledge.",
        ),
        (
            "Which climber reaches the summit ledge first?",
            "Which climber leaves the base camp last?",
            "Which climber carries the rope to the summit ledge?",
            "Which climber does not reach the summit ledge?",
        ),
    ),
    Group(
        "gymnast's dismount from the balance beam: is the landing clean or does she step?",
        (
            "Does the gymnast land her beam dismount cleanly or take a step?",
            "Check whether the gymnast steps or lands clean when dismounting the balance beam.",
            "whether the gymnast's landing off the balance beam is clean or has a step",
        ),
        (
            "gymnast's mount onto the balance beam: does she jump or climb?",
            "gymnast's dismount from the uneven bars: is the landing clean or does she step?",
            "gymnast's dismount from the balance beam: does she twist or somersault?",
            "gymnast's turn on the balance beam: does she wobble or hold still?",
        ),
    ),
    # --- lectures and talks
    Group(
        "the formula the lecturer writes on the left blackboard",
        (
            "What formula does the lecturer write on the left-hand blackboard?",
            "Transcribe the formula written by the lecturer on the left blackboard.",
            "Which formula is it that the lecturer puts on the left board?",
        ),
        (
            "the formula the lecturer writes on the right blackboard",
            "the diagram the lecturer draws on the left blackboard",
            "the formula a student writes on the left blackboard",
            "the formula the lecturer wipes off the left blackboard",
        ),
    ),
    Group(
        "What question does the student in the back row ask the professor?",
        (
            "the question put to the professor by the student in the back row",
            "Write down what the back-row student asks the professor.",
            "Which question does the professor get from the student in the back row?",
        ),
        (
            "What question does the professor ask the student in the back row?",
            "What question does the student in the front row ask the professor?",
            "What answer does the professor give the student in the back row?",
            "What notes does the student in the back row write down?",
        ),
    ),
    Group(
        "the title of the third slide in the presentation",
        (
            "What is the third slide of the presentation called?",
            "Read out the title on slide number three of the presentation.",
            "How is slide 3 of the presentation titled?",
        ),
        (
            "the title of the fourth slide in the presentation",
            "the picture on the third slide in the presentation",
            "the title of the third-to-last slide in the presentation",
            "the page number printed on the third slide in the presentation",
        ),
    ),
    Group(
        "Summarise the speaker's arguments against nuclear power.",
        (
            "What arguments does the speaker make against nuclear power?",
            "a summary of the case the speaker makes against nuclear energy",
            "Sum up the points the speaker raises in opposition to nuclear power.",
        ),
        (
            "Summarise the speaker's arguments in favour of nuclear power.",
            "Summarise the speaker's arguments against wind power.",
            "Summarise the moderator's arguments against nuclear power.",
            "Summarise the speaker's anecdotes about growing up near a nuclear plant.",
        ),
    ),
    Group(
        "Which year does the historian give for the signing of the treaty?",
        (
            "In what year was the treaty signed, according to the historian?",
            "the year the historian names for the treaty's signing",
            "Note the year in which, as the historian says, the treaty was signed.",
        ),
        (
            "Which year does the historian give for the breaking of the treaty?",
            "Which city does the historian give for the signing of the treaty?",
            "Which year does the caption on screen give for the signing of the treaty?",
            "Which people does the historian name as signing the treaty?",
        ),
    ),
    Group(
        "examples of recursion the instructor types into the editor",
        (
            "What recursion examples does the instructor type in the editor?",
            "Collect the recursive examples typed by the instructor into the editor.",
            "the instructor's examples of recursion, as typed in the editor",
        ),
        (
            "examples of inheritance the instructor types into the editor",
            "examples of recursion the instructor sketches on paper",
            "error messages about recursion that the terminal prints",
            "keyboard shortcuts the instructor presses in the editor",
        ),
    ),
    # --- surveillance
    Group(
        "number plate of the van that parks outside the warehouse",
        (
            "What is the registration number of the van parking outside the warehouse?",
            "Read the licence plate of the van which parks in front of the warehouse.",
            "the plate number on the van that pulls up and parks outside the warehouse",
        ),
        (
            "number plate of the van that drives past the warehouse without stopping",
            "lettering on the side of the van that parks outside the warehouse",
            "number plate of the motorbike that parks outside the warehouse",
            "number plate of the van that parks inside the warehouse",
        ),
    ),
    Group(
        "When does the guard unlock the side gate?",
        (
            "At what time is the side gate unlocked by the guard?",
            "the moment at which the guard unlocks the side gate",
            "Give the time when the guard unlocks the side gate.",
        ),
        (
            "When does the guard lock the side gate?",
            "When does the cleaner unlock the side gate?",
            "When does the guard unlock the main gate?",
            "With what does the guard unlock the side gate?",
        ),
    ),
    Group(
        "anyone who enters the lobby without showing a badge",
        (
            "Who goes into the lobby without showing a badge?",
            "Point out every person entering the lobby who does not show a badge.",
            "people who come into the lobby and show no badge",
        ),
        (
            "anyone who enters the lobby and shows a badge",
            "anyone who leaves the lobby without handing in a badge",
            "anyone who enters the car park without showing a badge",
            "anyone who waits in the lobby for a badge",
        ),
    ),
    Group(
        "Does the man in the hoodie hand the envelope to the woman at the kiosk?",
        (
            "Check whether the man wearing the hoodie gives the envelope to the woman at the kiosk.",
            "whether the woman at the kiosk is handed the envelope by the hooded-sweatshirt man",
            "Is the envelope handed to the woman at the kiosk by the man in the hoodie?",
        ),
        (
            "Does the woman at the kiosk hand the envelope to the man in the hoodie?",
            "Does the man in the hoodie hand the coins to the woman at the kiosk?",
            "Does the man in the hoodie shout at the woman at the kiosk?",
            "Does the man in the hoodie hand the envelope to the driver of the taxi?",
        ),
    ),
    Group(
        "the direction in which the cyclist flees after hitting the pedestrian",
        (
            "Which way does the cyclist flee after hitting the pedestrian?",
            "Note in what direction the cyclist rides off in flight once the pedestrian has been hit.",
            "After hitting the pedestrian, in which direction does the cyclist flee?",
        ),
        (
            "the direction from which the cyclist comes before hitting the pedestrian",
            "the speed at which the cyclist flees after hitting the pedestrian",
            "the direction in which the pedestrian limps away after being hit by the cyclist",
            "the clothing of the cyclist who hits the pedestrian",
        ),
    ),
    Group(
        "How many customers are queuing at till two at noon?",
        (
            "Count the customers in the queue at till two at midday.",
            "number of shoppers waiting in line at till 2 at twelve noon",
            "At noon, how many customers stand in the queue for till two?",
        ),
        (
            "How many customers are queuing at till five at noon?",
            "How many customers are queuing at till two at closing time?",
            "How many cashiers are working at noon?",
            "How many shopping trolleys stand by the entrance at noon?",
        ),
    ),
    # --- films
    Group(
        "Who kisses whom first in the balcony scene?",
        (
            "Which of them makes the first kiss, and of whom, in the balcony scene?",
            "In the scene on the balcony, who first kisses whom?",
            "Tell me who is first to kiss whom during the balcony scene.",
        ),
        (
            "Who kisses whom last in the balcony scene?",
            "Who kisses whom first in the train station scene?",
            "Who slaps whom first in the balcony scene?",
            "Who watches from below in the balcony scene?",
        ),
    ),
    Group(
        "the villain's last words before he falls from the tower",
        (
            "What are the last words the villain says before falling off the tower?",
            "Quote what the villain says last before his fall from the tower.",
            "What does the villain say last, before he falls from the tower?",
        ),
        (
            "the villain's first words after he falls from the tower",
            "the hero's last words before the villain falls from the tower",
            "the villain's facial expression before he falls from the tower",
            "the villain's last words before he boards the airship",
        ),
    ),
    Group(
        "the daughter forgives her father: what she says to him",
        (
            "What does the daughter say to her father as she forgives him?",
            "Quote the daughter's words to her father when forgiving him.",
            "the words with which the daughter forgives her father",
        ),
        (
            "the father forgives his daughter: what he says to her",
            "the daughter forgives her brother: what she says to him",
            "the daughter accuses her father: what she says to him",
            "the daughter forgives her father: the music playing in the scene",
        ),
    ),
    Group(
        "Describe the lighting in the interrogation room scenes.",
        (
            "How are the scenes in the interrogation room lit?",
            "the lighting of the scenes set in the interrogation room",
            "What is the lighting like in the interrogation room scenes?",
        ),
        (
            "Describe the dialogue in the interrogation room scenes.",
            "Describe the lighting in the hospital corridor scenes.",
            "Describe the camera movement in the interrogation room scenes.",
            "Describe the costumes in the interrogation room scenes.",
        ),
    ),
    Group(
        "names of the two editors given in the closing credits",
        (
            "Which two editors are named in the end credits?",
            "Read the names of both editors from the closing credits.",
            "the two editors' names as listed in the end credits",
        ),
        (
            "names of the two composers given in the closing credits",
            "names of the two leading actors given in the opening credits",
            "songs listed in the closing credits",
            "filming locations thanked in the closing credits",
        ),
    ),
    Group(
        "Is the portrait hung above the fireplace or beside the window?",
        (
            "Does the portrait hang beside the window or above the fireplace?",
            "whether the portrait's place is above the fireplace or next to the window",
            "Check if the portrait is hanging over the fireplace or by the window.",
        ),
        (
            "Is the mirror hung above the fireplace or beside the window?",
            "Is the portrait of a man or of a woman?",
            "Is the fire in the fireplace lit or out?",
            "Is the window shut or open in the room with the fireplace?",
        ),
    ),
    # --- life logs
    Group(
        "where I left my keys after coming home",
        (
            "Where did I put my keys down when I got home?",
            "Find the place where I left my keys after I came home.",
            "the spot my keys were left in after I got home",
        ),
        (
            "where I left my umbrella after coming home",
            "where I picked up my keys before going out",
            "when I took off my shoes after coming home",
            "where my flatmate left her keys after coming home",
        ),
    ),
    Group(
        "everything I drank at the office this morning",
        (
            "What did I drink at the office this morning?",
            "List all of the drinks I had in the office this morning.",
            "all that I drank this morning while at the office",
        ),
        (
            "everything I ate at the office this morning",
            "everything I drank at the office this afternoon",
            "everything I drank on the train this morning",
            "everything my colleague drank at the office this morning",
        ),
    ),
    Group(
        "Did I take the blue pill before breakfast?",
        (
            "Check whether I took the blue pill before breakfast.",
            "whether the blue pill was taken by me before breakfast",
            "Had I taken the blue pill before I ate breakfast?",
        ),
        (
            "Did I take the blue pill before going to bed?",
            "Did I take the white pill before breakfast?",
            "Did I feed the cat before breakfast?",
            "Did my grandmother take the blue pill before breakfast?",
        ),
    ),
    Group(
        "people I talked to on my walk through the park",
        (
            "Whom did I speak with while walking through the park?",
            "List the people I talked with during my walk through the park.",
            "everyone I spoke to when I walked through the park",
        ),
        (
            "people I walked past in the park without talking to them",
            "people I talked to on the bus to work",
            "dogs I petted on my walk through the park",
            "people I talked to on the phone while cooking",
        ),
    ),
    Group(
        "the price on the receipt I got at the pharmacy",
        (
            "What price is on the pharmacy receipt I was given?",
            "Read the price off the receipt I received at the pharmacy.",
            "How much does the receipt I got in the pharmacy say?",
        ),
        (
            "the date on the receipt I got at the pharmacy",
            "the price on the receipt I got at the bakery",
            "the phone number on the sign outside the pharmacy",
            "the price on the shelf label beside the toothpaste at the pharmacy",
        ),
    ),
    # --- wildlife
    Group(
        "Which animal chases the hyena away from the carcass?",
        (
            "What animal drives the hyena off the carcass by chasing it?",
            "the animal by which the hyena is chased away from the carcass",
            "Identify the animal that chases the hyena off from the carcass.",
        ),
        (
            "Which animal does the hyena chase away from the carcass?",
            "Which animal chases the vulture away from the carcass?",
            "Which animal is the carcass at which the hyena feeds?",
            "Which animal chases the hyena away from the waterhole?",
        ),
    ),
    Group(
        "number of chicks in the osprey nest that are still alive at the end",
        (
            "How many osprey chicks in the nest are still alive at the end?",
            "Count the chicks surviving in the osprey nest at the end.",
            "how many of the chicks in the osprey nest have survived by the end",
        ),
        (
            "number of eggs in the osprey nest at the beginning",
            "number of chicks in the heron nest that are still alive at the end",
            "number of fish brought to the osprey nest by the male",
            "weight of the biggest chick in the osprey nest at the end",
        ),
    ),
    Group(
        "How does the octopus open the jar with the crab inside?",
        (
            "Describe the way the octopus opens the jar containing the crab.",
            "the octopus's method of opening the jar that holds the crab",
            "In what way does the octopus get the jar with the crab in it open?",
        ),
        (
            "How does the octopus hide from the diver among the rocks?",
            "How does the crab get out of the jar on its own?",
            "How long does the octopus take to open the jar with the crab inside?",
            "How does the octopus squeeze itself into the empty jar?",
        ),
    ),
    Group(
        "the narrator's explanation of why wolves howl at dusk",
        (
            "Why do wolves howl at dusk, as the narrator explains it?",
            "the reason given by the narrator for wolves howling at dusk",
            "What explanation does the narrator offer for the howling of wolves at dusk?",
        ),
        (
            "the narrator's explanation of why wolves hunt in packs",
            "the narrator's explanation of why owls hoot at dusk",
            "the ranger's explanation of why wolves howl at dusk",
            "the narrator's description of how far a wolf's howl carries",
        ),
    ),
    Group(
        "elephants crossing the river: does the calf walk ahead of or behind its mother?",
        (
            "When the elephants cross the river, is the calf in front of its mother or behind her?",
            "whether the calf goes behind or ahead of its mother as the elephants cross the river",
            "Check if the elephant calf walks in front of or after its mother in the river crossing.",
        ),
        (
            "elephants crossing the river: does the bull go first or last in the herd?",
            "elephants crossing the road: does the calf walk ahead of or behind its mother?",
            "elephants crossing the river: does the water reach the calf's knees or its belly?",
            "zebras crossing the river: does the foal walk ahead of or behind its mother?",
        ),
    ),
    # --- text and numbers on screen
    Group(
        "the phone number displayed at the bottom of the advert",
        (
            "What phone number appears at the bottom of the advert?",
            "Copy the telephone number shown at the foot of the advertisement.",
            "Which phone number is displayed at the bottom of the ad?",
        ),
        (
            "the web address displayed at the bottom of the advert",
            "the phone number displayed at the top of the advert",
            "the phone number spoken aloud by the voice in the advert",
            "the opening hours displayed at the bottom of the advert",
        ),
    ),
    Group(
        "Read the departure time of the train to Lyon on the station board.",
        (
            "When does the train to Lyon leave, according to the station board?",
            "the Lyon train's departure time as shown on the board at the station",
            "What departure time does the station board give for the train to Lyon?",
        ),
        (
            "Read the arrival time of the train from Lyon on the station board.",
            "Read the platform of the train to Lyon on the station board.",
            "Read the departure time of the train to Geneva on the station board.",
            "Read the departure time of the train to Lyon on the passenger's ticket.",
        ),
    ),
    Group(
        "unemployment figure for Spain in the bar chart",
        (
            "What unemployment figure does the bar chart show for Spain?",
            "Read Spain's unemployment figure from the bar chart.",
            "the figure for Spanish unemployment given in the bar chart",
        ),
        (
            "unemployment figure for Portugal in the bar chart",
            "inflation figure for Spain in the bar chart",
            "colour of the bar for Spain in the bar chart",
            "unemployment figure for Spain quoted by the minister in her speech",
        ),
    ),
    Group(
        "error message that appears after the user clicks Save",
        (
            "What error message shows up after the user clicks Save?",
            "Quote the error message appearing once the user has clicked on Save.",
            "Which error message does the user get after clicking Save?",
        ),
        (
            "error message that appears before the user clicks Save",
            "file name that the user types before clicking Save",
            "error message that appears after the user clicks Print",
            "icon that the user clicks after closing the error message",
        ),
    ),
    Group(
        "What does the news ticker say about the earthquake?",
        (
            "the news ticker's text on the earthquake",
            "Transcribe what the ticker says about the earthquake.",
            "What is said about the earthquake in the news ticker?",
        ),
        (
            "What does the anchor say about the earthquake?",
            "What does the news ticker say about the election?",
            "What does the eyewitness on the phone say about the earthquake?",
            "What does the map behind the anchor show about the earthquake?",
        ),
    ),
    # --- actions and their order, workshop and home
    Group(
        "Does the carpenter sand the shelf before or after drilling the holes?",
        (
            "Which comes first when the carpenter works on the shelf, the sanding or the drilling of the holes?",
            "whether the carpenter drills the holes in the shelf first or sands it first",
            "Is the shelf sanded by the carpenter before the holes are drilled or afterwards?",
        ),
        (
            "Does the carpenter sand the shelf by hand or with a machine?",
            "Does the carpenter varnish the shelf before or after screwing on the brackets?",
            "Does the carpenter sand the table before or after drilling the holes?",
            "Does the carpenter drill the holes on the left or on the right of the shelf?",
        ),
    ),
    Group(
        "the tool the mechanic uses to loosen the rear wheel",
        (
            "What tool does the mechanic loosen the rear wheel with?",
            "Identify the tool with which the mechanic loosens the back wheel.",
            "Which tool is used by the mechanic for loosening the rear wheel?",
        ),
        (
            "the tool the mechanic uses to tighten the rear wheel",
            "the tool the mechanic uses to loosen the front wheel",
            "the apprentice who helps the mechanic loosen the rear wheel",
            "the tool the mechanic uses to patch the inner tube",
        ),
    ),
    # --- speech and social
    Group(
        "Who thanks the nurse at the end of the ceremony?",
        (
            "Which person thanks the nurse when the ceremony ends?",
            "whoever says thank you to the nurse at the ceremony's end",
            "By whom is the nurse thanked at the end of the ceremony?",
        ),
        (
            "Whom does the nurse thank at the end of the ceremony?",
            "Who thanks the nurse at the start of the ceremony?",
            "Who thanks the firefighter at the end of the ceremony?",
            "Who photographs the nurse at the end of the ceremony?",
        ),
    ),
    Group(
        "the language the tourist speaks to the waiter",
        (
            "What language does the tourist speak to the waiter in?",
            "In which language does the tourist address the waiter?",
            "Identify the language used by the tourist when talking to the waiter.",
        ),
        (
            "the language the waiter speaks to the tourist",
            "the dish the tourist orders from the waiter",
            "the language the menu the waiter brings is written in",
            "the language the tourist speaks to the taxi driver",
        ),
    ),
    Group(
        "promises the candidate makes about housing in the second debate",
        (
            "What does the candidate promise on housing in the second debate?",
            "List the candidate's housing promises from debate number two.",
            "everything about housing the candidate promises during the second debate",
        ),
        (
            "promises the candidate makes about housing in the first debate",
            "promises the candidate makes about schools in the second debate",
            "insults the candidate makes against the moderator in the second debate",
            "promises the candidate's rival makes about housing in the second debate",
        ),
    ),
)
