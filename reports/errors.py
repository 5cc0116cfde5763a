"""The one error that a user can cause and mend."""


class ReportError(Exception):
    """A mistake in the input, told in one sentence: which file and key, what is wrong, what would be right.

    The command line prints the sentence and exits with status 1, without a traceback.
    """

    def __init__(self, sentence: str) -> None:
        # What it quotes may have line breaks: a key can.
        super().__init__(" ".join(sentence.splitlines()))
