"""Decompression of a stream, recognized by its first bytes, in bounded memory."""

from __future__ import annotations

import io
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import BinaryIO, Protocol, cast

from .prefetch import read_ahead
from .problem import InputRefused

BLOCK_BYTES = 15 << 16
"""Decompressed bytes of one block, at most: what a small archive unpacks to is never in memory as a whole.

zlib gives up the interpreter for each of its buffers, of which the fourth is a megabyte: half of a block costs as many.
"""
COMPRESSED_BYTES = 1 << 18
"""Compressed bytes that gzip unpacks at a time: what a block leaves of them is copied."""
MOST_LAYERS = 3
"""Compressed files inside one another."""


class ByteStream(Protocol):
    """A binary file or a pipe."""

    def read(self, size: int, /) -> bytes: ...


class Peekable(io.RawIOBase):
    """A stream whose first bytes can be looked at before they are read."""

    def __init__(self, file: ByteStream) -> None:
        self._read: Callable[[int], bytes] = getattr(file, "read1", file.read)
        self._ahead = b""
        self.ended = False

    def peek(self, size: int) -> bytes:
        """The next `size` bytes, or fewer at the end of the stream; they are still to be read."""
        while len(self._ahead) < size and self.more():
            pass
        return self._ahead[:size]

    def more(self) -> bytes:
        """Reads one more piece ahead and returns it; empty at the end of the stream."""
        piece = b"" if self.ended else self._read(BLOCK_BYTES)
        self.ended = not piece
        self._ahead += piece
        return piece

    @property
    def ahead(self) -> bytes:
        """The bytes that were read ahead and are still to be read."""
        return self._ahead

    @contextmanager
    def read_in_thread(self) -> Iterator[None]:
        """Reads in a thread of its own, so that decompression and mapping run at the same time.

        Only whole blocks change threads: dividing them into events there would keep the interpreter from the mapping.
        """
        with read_ahead(iter(partial(self._read, BLOCK_BYTES), b"")) as blocks:
            self._read = _Blocks(blocks).read
            yield

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes, as soon as there are any."""
        if size < 0:
            return b"".join(iter(lambda: self.read(BLOCK_BYTES), b""))
        if self._ahead:
            piece, self._ahead = self._ahead[:size], self._ahead[size:]
            return piece
        return b"" if self.ended else self._read(size)


def decompressed(file: ByteStream) -> tuple[Peekable, list[str]]:
    """The decompressed stream, and the names of its compressions, outermost first; none for a stream as it is.

    Raises InputRefused for too many layers, and for zstd where it is not installed; reading the stream raises it for
    data that is damaged.
    """
    stream, names = Peekable(file), list[str]()
    while (codec := _codec_of(stream.peek(6))) is not None:
        name, unpack = codec
        if len(names) == MOST_LAYERS:
            raise InputRefused(f"it is compressed more than {MOST_LAYERS} times over", "decompress it first")
        names.append(name)
        stream = Peekable(_Unpacked(unpack(stream), name))
    return stream, names


class _Blocks:
    """Blocks as a stream."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._left = b""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; empty at the end."""
        block = self._left or next(self._blocks, b"")
        self._left = block[size:]
        return block[:size]


class _Unpacked:
    """The output of a decompressor, with its errors as InputRefused."""

    def __init__(self, file: ByteStream, name: str) -> None:
        self._read: Callable[[int], bytes] = getattr(file, "read1", file.read)
        self._name = name

    def read(self, size: int, /) -> bytes:
        try:
            return self._read(size)
        except EOFError:
            cause = f"the {self._name} data is cut off before its end"
            raise InputRefused(cause, "copy or download the file again") from None
        except InputRefused:
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            raise InputRefused(f"the {self._name} data is damaged ({error})", "copy the file again") from None


class _Gzip:
    """Members of gzip one after the other, as `cat a.gz b.gz` makes them; zeros after the last are padding."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self._unpack = zlib.decompressobj(wbits=31)
        self._input = b""

    def read(self, size: int) -> bytes:
        while True:
            if self._unpack.eof:
                self._input = self._unpack.unused_data.lstrip(b"\0")
                while not self._input:
                    piece = self._stream.read(COMPRESSED_BYTES)
                    if not piece:
                        return b""
                    self._input = piece.lstrip(b"\0")
                self._unpack = zlib.decompressobj(wbits=31)
            elif not self._input:
                self._input = self._stream.read(COMPRESSED_BYTES)
                if not self._input:
                    raise EOFError
            block = self._unpack.decompress(self._input, size)
            self._input = self._unpack.unconsumed_tail
            if block:
                return block


def _gzip(stream: Peekable) -> ByteStream:
    return _Gzip(stream)


def _bzip2(stream: Peekable) -> ByteStream:
    import bz2

    return bz2.BZ2File(cast(BinaryIO, stream))


def _xz(stream: Peekable) -> ByteStream:
    import lzma

    return lzma.LZMAFile(cast(BinaryIO, stream))


def _zstd(stream: Peekable) -> ByteStream:
    try:
        if sys.version_info >= (3, 14):
            from compression.zstd import ZstdFile
        else:
            from backports.zstd import ZstdFile
    except ImportError:
        cause = "it is compressed with zstd, which is not installed"
        raise InputRefused(cause, "install it with `pip install 'rulewright[zstd]'`, or use `zstd -dc`") from None
    file: ByteStream = ZstdFile(stream)
    return file


_CODECS: tuple[tuple[bytes, str, Callable[[Peekable], ByteStream]], ...] = (
    (b"\x1f\x8b\x08", "gzip", _gzip),
    (b"BZh", "bzip2", _bzip2),
    (b"\xfd7zXZ\x00", "xz", _xz),
    (b"\x28\xb5\x2f\xfd", "zstd", _zstd),
)


def _codec_of(head: bytes) -> tuple[str, Callable[[Peekable], ByteStream]] | None:
    return next(((name, unpack) for magic, name, unpack in _CODECS if head.startswith(magic)), None)


def blocks_of(stream: ByteStream) -> Iterator[bytes]:
    """The blocks of a stream until its end."""
    return iter(lambda: stream.read(BLOCK_BYTES), b"")
