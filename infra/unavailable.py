class Unavailable(Exception):
    """The machine, the settings or a server stand in the way. `message` says what, and what to do next.

    `code` is what programs tell one kind from another by.
    """

    code = "unavailable"

    def __init__(self, message: str):
        super().__init__(message)
        self.message = message
