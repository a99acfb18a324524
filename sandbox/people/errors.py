"""What a person cannot do: no request goes to any app."""


class CannotActError(Exception):
    """An act that the page would not offer; `code` is stable, the message says why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
