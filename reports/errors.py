"""The one error that a user can cause and mend."""


class ReportError(Exception):
    """A mistake in the input, told in one sentence: which file and key, what is wrong, what would be right.

    The command line prints the sentence and exits with status 1, without a traceback.

    Parameters
    ----------
    fault
        What is wrong, and where.
    remedy
        What helps. It is apart, since another one helps where the file is part of a bundle.
    """

    def __init__(self, fault: str, remedy: str = "") -> None:
        sentence = f"{fault}; {remedy}" if remedy else fault
        # What it quotes may have line breaks: a key can.
        super().__init__(" ".join(sentence.splitlines()))
        self.fault = fault
        self.remedy = remedy
