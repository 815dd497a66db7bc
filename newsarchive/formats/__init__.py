"""How the desk writes dates and numbers, where Django has it otherwise."""
