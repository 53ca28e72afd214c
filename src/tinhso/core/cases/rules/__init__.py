"""The rules of the engine, pure: given the definition, the state, the act's data and the facts."""
