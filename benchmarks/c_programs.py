"""Programs in C to compare with, built where there is a compiler."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from functools import cache
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.comparison import INITIALISATION, Candidate
from benchmarks.data import Samples
from pnncore.arrays import Floats
from pnncore.kernels.listed import list_pixels
from pnncore.network.architecture import Architecture
from pnncore.network.network import Network

SOURCE = Path(__file__).with_name("online.c")
COMPILE = ("-O3", "-march=native", "-ffast-math", "-fPIC", "-c")


def online(samples: Samples, architecture: Architecture, rate: float) -> dict[str, Candidate]:
    """Return two programs that train an epoch sample by sample; none without a compiler.

    Parameters
    ----------
    samples
        The samples to train on.
    architecture
        A network with one hidden layer, ReLU, softmax and cross-entropy.
    rate
        Learning rate.
    """
    start = Network.random(architecture, INITIALISATION, np.random.default_rng(0)).parameters
    candidates = {}
    for name, listed in {"C, dense": False, "C, listed pixels": True}.items():
        library = _build(architecture.layers, listed=listed)
        if library is not None:
            program = Program(library, samples, rate, start, listed=listed)
            candidates[name] = Candidate(program, len(samples))
    return candidates


class Program:
    """A compiled program that trains an epoch when it is called.

    Parameters
    ----------
    library
        The program.
    samples, rate
        See `online`.
    start
        The network's parameters, shape (parameters,), in the order of `pnncore.network.network.Network`.
    listed
        Whether it takes the listed non-zero pixels of the samples.
    """

    def __init__(
        self, library: ctypes.CDLL, samples: Samples, rate: float, start: Floats, *, listed: bool
    ) -> None:
        self._library = library
        pixels = list_pixels(samples.pixels, "unit")
        greys = pixels.greys if listed else np.ascontiguousarray(samples.pixels)
        lists: tuple[np.ndarray, ...] = (pixels.starts, pixels.which, greys)
        # The arrays must live as long as the program that reads them.
        self._arrays = (*lists, samples.labels, samples.order)
        self._rate = rate
        self._parameters = np.array(start, np.float32)
        library.set(_address(self._parameters))

    def __call__(self) -> None:
        """Train an epoch."""
        count = ctypes.c_int64(len(self._arrays[-1]))
        self._library.train(*map(_address, self._arrays), count, ctypes.c_float(self._rate))

    def parameters(self) -> Floats:
        """Return the current parameters."""
        self._library.get(_address(self._parameters))
        return self._parameters


def _address(array: np.ndarray) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)


@cache
def _build(layers: tuple[int, ...], *, listed: bool) -> ctypes.CDLL | None:
    """Compile the program for some sizes of layers; print a note if there is no compiler."""
    compiler = which("cc")
    if compiler is None:
        print("There is no C compiler (cc); programs in C are skipped", file=sys.stderr)
        return None
    inputs, hidden, classes = layers
    macros = [f"-DINPUTS={inputs}", f"-DHIDDEN={hidden}", f"-DCLASSES={classes}"]
    macros += ["-DLISTED"] if listed else []
    # A library that is loaded needs its file no more.
    with TemporaryDirectory() as folder:
        compiled, library = (str(Path(folder) / f"online.{kind}") for kind in ("o", "so"))
        # Linked with -ffast-math, the library would set this whole process to take the smallest numbers for zero.
        for command in (
            [*COMPILE, *macros, str(SOURCE), "-o", compiled],
            ["-shared", compiled, "-lm", "-o", library],
        ):
            subprocess.run([compiler, *command], check=True)  # noqa: S603 - our own source
        return ctypes.CDLL(library)
