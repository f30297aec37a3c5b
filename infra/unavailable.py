class Unavailable(Exception):
    """The machine, the settings or a server stand in the way. `message` says what, and what to do next."""

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message
