class Unavailable(Exception):
    """The machine, the settings or a server stand in the way. `words` say what, and what to do next."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message
