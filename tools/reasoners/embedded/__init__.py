"""The reasoner without a remote model: code decides, a small GGUF model at most words the answer.

Words and spans: `lexicon`, `wording`, `spans`, `plain_things`. The question: `sorts`, `perception`, `question`. The
memory: `reading`, `cover`, `meaning`. The answer: `picking`, `proof`, `extract`. Special questions: `statements`,
`moments`, `sights`, `showings`, `occurrences`, `order`, `choices`. Whole passages: `ranking`, `summary`, `findings`.
Conversations: `clauses`, `referents`, `followup`. All together: `reasoner`; the wording: `phraser`.
"""
