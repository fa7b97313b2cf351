"""The commands, a module per family; each function takes the words and gives one command."""
