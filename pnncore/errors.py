"""The one error that a user can cause and mend."""


class PnncoreError(Exception):
    """A mistake in the input, told in one sentence: which file and key, what is wrong, what would be right.

    Command lines print the sentence and exit with status 1, without a traceback.
    """
