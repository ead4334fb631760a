"""Faults of the language server: the editor shows a sentence, and the server's log, standard error, says the rest."""

from __future__ import annotations

import logging
import sys
from typing import Any

from lsprotocol.types import MessageType, ResponseError, ShowMessageParams
from pygls.exceptions import FeatureRequestError, JsonRpcException, JsonRpcInternalError, PyglsError
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol

from ..printable import printable

log = logging.getLogger("rulewright.lsp")


class Protocol(LanguageServerProtocol):
    """The protocol of pygls, but answers to requests have no traceback for the editor to show."""

    def _send_response(self, msg_id: Any, result: Any = None, error: ResponseError | None = None) -> None:
        if error is not None and error.code == JsonRpcInternalError.CODE:
            error = ResponseError(error.code, _sentence(error.message))
        super()._send_response(msg_id, result, error)


class FaultShowingServer(LanguageServer):
    """A server that shows faults that no request waits for: of notifications, and of checks after an edit."""

    def report_server_error(self, error: Exception, source: type[PyglsError] | type[JsonRpcException]) -> None:
        """Log a fault and show it in the editor, unless it is of a request, whose answer shows it."""
        if source is FeatureRequestError:
            return
        if isinstance(error, JsonRpcException) and not isinstance(error, JsonRpcInternalError):
            super().report_server_error(error, source)
            return
        wrapped = isinstance(error, JsonRpcInternalError)
        log.error("a fault of Rulewright", exc_info=(sys.exception() or error) if wrapped else error)
        text = str(error) if wrapped else f"{type(error).__name__}: {error}"
        self.window_show_message(ShowMessageParams(MessageType.Error, _sentence(text)))


def _sentence(text: str) -> str:
    return f"this is a fault of Rulewright, and the log of its language server says more: {printable(text)}"
