"""THE rules of the model: compiled scalar functions of plain numbers and records.

They hold no randomness and no constants of their own: what is drawn comes in as an argument, what is
estimated or judged comes from `Params.rules`, and ladder thresholds from `Params.setting`. Compiled
code freezes the globals it sees, so a rule sees none.
"""
