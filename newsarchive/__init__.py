"""The wiring: settings, database, addresses and the program that runs it all."""
