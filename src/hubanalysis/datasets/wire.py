"""How publishers are asked: each through its client, with one ear on the line.

Clients differ in what they make of a bad answer. One waits for ever, one takes a login
page for a table that is not there, one says nothing of a page that is missing. All of
them go over ``requests``; so whatever comes is looked at, and kept, before a client
sees it, and what goes wrong is told in the same words whoever was asked.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from importlib import import_module
from importlib.metadata import packages_distributions, version
from typing import Any

from hubanalysis.datasets.answers import Answer, AnswerError, checked
from hubanalysis.words.refusals import HubError

# Seconds without a byte after which a publisher is given up.
PATIENCE = 60
STRUCK_OUT = b"YOUR-KEY"


def installed(name: str) -> Any:
    """Import what publishers are asked with, or say how to install it.

    Examples
    --------
    >>> installed("json").__name__
    'json'
    """
    try:
        return import_module(name)
    except ImportError:
        raise HubError(
            "publishers are asked through their clients, which do not come with the "
            'library by itself: python -m pip install "hubanalysis[fresh]"'
        ) from None


@contextmanager
def asking(
    publisher: str, client: str, key: str = ""
) -> Iterator[tuple[Any, list[Answer]]]:
    """Lend a publisher's client, and keep what comes while it is used.

    Parameters
    ----------
    publisher : str
        As it is called in a sentence.
    client : str
        The module to import.
    key : str
        The reader's own, struck out of what is kept.

    Yields
    ------
    module
    list of Answer
        What came so far, in the order in which it came.

    Raises
    ------
    HubError
        If the clients are not installed.
    AnswerError
        If there is no network, the publisher refuses, the download breaks off, or what
        came is nothing, a web page, or not what the client reads.
    """
    requests, module = installed("requests"), installed(client)
    adapter, errors = requests.adapters.HTTPAdapter, requests.exceptions
    send, heard = adapter.send, []

    def listen(self: Any, request: Any, **more: Any) -> Any:
        more["timeout"] = more.get("timeout") or PATIENCE
        host = Answer(request.url, b"").host
        try:
            reply = send(self, request, **more)
            content = reply.content
        except (errors.ChunkedEncodingError, errors.ContentDecodingError):
            raise AnswerError(f"{host} sent half a download; try again.") from None
        except errors.RequestException as error:
            raise AnswerError(
                f"{host} cannot be reached ({_reason(error)}); is there a network?"
            ) from None
        # Clients know to wait where they are told that they ask too often.
        waits = reply.status_code == 429 and client != "requests"
        if reply.is_redirect or waits:
            return reply
        if reply.status_code >= 400:
            raise AnswerError(
                f"{host} refused with {reply.status_code} ({reply.reason}); the "
                f"address may have changed: {request.url.partition('?')[0]}"
            )
        body = request.body or b""
        asked = f"{request.url} {body if isinstance(body, str) else body.decode()}"
        asked = without_key(asked.strip().encode(), key).decode()
        heard.append(checked(Answer(asked, without_key(content, key))))
        return reply

    adapter.send = listen
    try:
        # Some print what they could not read.
        with redirect_stdout(io.StringIO()):
            yield module, heard
    except HubError:
        raise
    except Exception as error:
        told = (str(error).strip() or "no reason").splitlines()[0][:200]
        told = without_key(told.encode(), key).decode()
        name = packages_distributions()[client][0]
        raise AnswerError(
            f"{publisher} answered, but not as {name} {version(name)} reads it "
            f"({type(error).__name__}: {told}): it is half a download, or the "
            "interface has changed. Try again, and if that stays so look at the "
            "publisher's page."
        ) from error
    finally:
        adapter.send = send


def ask(url: str, question: dict[str, Any] | None = None, key: str = "") -> Answer:
    """Ask a publisher that has no client, or none that tells when an answer is bad.

    Parameters
    ----------
    url : str
    question : dict, optional
        Sent as JSON, to publishers that do not take it in the address.
    key : str
        The reader's own, struck out of what is kept.

    Returns
    -------
    Answer

    Raises
    ------
    HubError
        As `asking` does.

    Examples
    --------
    >>> try:
    ...     ask("https://localhost:1/figures")
    ... except HubError as error:
    ...     print(str(error).partition(" ")[0] in ("localhost:1", "publishers"))
    True
    """
    with asking(Answer(url, b"").host, "requests", key) as (requests, heard):
        requests.request("POST" if question else "GET", url, json=question)
    return heard[-1]


def without_key(content: bytes, key: str) -> bytes:
    """Strike the reader's key out of an answer, which may repeat the question.

    Examples
    --------
    >>> without_key(b'{"UserID": "0123-AB"}', "0123-ab")
    b'{"UserID": "YOUR-KEY"}'
    """
    if not key:
        return content
    return re.sub(re.escape(key.encode()), STRUCK_OUT, content, flags=re.I)


def _reason(error: BaseException) -> object:
    """What the network said; errors further out repeat the address, with its key."""
    while error.__context__:
        error = error.__context__
    return getattr(error, "strerror", None) or error
