"""Whatever goes wrong on the wire is told in a sentence, whichever client asked."""

import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from hubanalysis.datasets.answers import AnswerError
from hubanalysis.datasets.wire import PATIENCE, ask, asking, without_key
from hubanalysis.words.refusals import HubError
from tests.datasets import publishers

requests = pytest.importorskip("requests")
HTML = b"<html>log in</html>"


@pytest.fixture
def serve():
    """A function that starts a publisher on this machine and gives its address."""
    servers = []

    def started(content, status=200, **headers):
        class Publisher(BaseHTTPRequestHandler):
            def do_GET(self):
                there = self.path != "/wifi"
                self.send_response(status if there else 200)
                for name, value in (headers if there else {}).items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                self.wfile.write(content if there else HTML)

            def log_message(self, *_):
                pass

        servers.append(HTTPServer(("127.0.0.1", 0), Publisher))
        run = servers[-1].serve_forever
        threading.Thread(target=run, args=(0.02,), daemon=True).start()
        return f"http://127.0.0.1:{servers[-1].server_port}/figures?key=secret"

    yield started
    for server in servers:
        server.shutdown()
        server.server_close()


def test_what_came_is_kept_as_it_came_with_its_address(serve):
    answer = ask(serve(b"year,value\n"))
    assert answer.content == b"year,value\n"
    assert answer.url.endswith("/figures?key=secret")


def told(url):
    with pytest.raises(AnswerError) as caught:
        ask(url, key="secret")
    assert "secret" not in str(caught.value)
    return str(caught.value)


def test_half_a_download_is_told(serve):
    assert "sent half a download" in told(serve(b"year,value\n", Content_Length="99"))
    assert "sent half" in told(serve(b"0\x8b", Content_Encoding="gzip"))


def test_no_network_is_told_without_the_address_and_its_key():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    sentence = told(f"http://127.0.0.1:{port}/?key=secret")
    assert sentence.startswith(f"127.0.0.1:{port} cannot be reached (")
    assert sentence.endswith("; is there a network?")
    assert "object at" not in sentence
    assert "nowhere.invalid cannot be reached" in told("http://nowhere.invalid/?secret")


@pytest.mark.parametrize("status", [403, 404, 429, 500])
def test_a_refusal_is_told_with_the_address_to_look_at(serve, status):
    sentence = told(serve(b"no", status))
    assert f"refused with {status}" in sentence
    assert sentence.endswith("/figures")


def test_a_network_that_leads_to_its_login_page_is_told(serve):
    assert "sent a web page" in told(serve(b"", 302, Location="/wifi"))
    assert "sent a web page" in told(serve(HTML))
    assert "answered with nothing" in told(serve(b""))


def test_nobody_is_waited_for_without_end():
    waited = []

    def answer(request):
        waited.append(request.req_kwargs["timeout"])
        return 200, {}, b"[1]"

    with publishers.online(None) as web:
        web.reset()
        web.add_callback("GET", "https://example.org/", answer)
        with asking("Somebody", "requests") as (client, _):
            client.get("https://example.org/")
            client.get("https://example.org/", timeout=5)
    assert waited == [PATIENCE, 5]


def test_a_key_is_struck_out_of_question_and_answer():
    sent = b'{"ParameterValue": "ABC-1"}'
    with publishers.online(lambda url, body: sent):
        answer = ask("https://example.org/?UserID=abc-1", {"key": "abc-1"}, "abc-1")
    assert answer.url == 'https://example.org/?UserID=YOUR-KEY {"key": "YOUR-KEY"}'
    assert answer.content == b'{"ParameterValue": "YOUR-KEY"}'
    assert without_key(sent, "") == sent


def test_what_a_client_cannot_read_is_told_with_its_version_and_it_prints_nothing(
    capsys,
):
    def read():
        print("what I could not read")
        raise KeyError("dimension ABC-1")

    send = requests.adapters.HTTPAdapter.send
    with pytest.raises(AnswerError) as caught, asking("Somebody", "requests", "abc-1"):
        read()
    assert "Somebody answered, but not as requests 2" in str(caught.value)
    assert "(KeyError: 'dimension YOUR-KEY')" in str(caught.value)
    assert capsys.readouterr().out == ""
    assert requests.adapters.HTTPAdapter.send is send


def test_without_the_clients_one_is_told_how_to_install_them(monkeypatch):
    monkeypatch.setitem(sys.modules, "wbgapi", None)
    with (
        pytest.raises(HubError, match=r'pip install "hubanalysis\[fresh\]"') as caught,
        asking("The World Bank", "wbgapi"),
    ):
        raise AssertionError("nobody is asked")
    assert not isinstance(caught.value, AnswerError)
