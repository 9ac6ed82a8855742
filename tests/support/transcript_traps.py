"""Everything known in transcripts that a count can fall over, each trap for itself.

What is true of a trap is what its function counts. Odd bytes and values: ``transcript_oddities``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.support.transcript_lines import HAIKU, OPUS, SONNET, Counts, by_reference, dumped, iso
from tests.support.transcript_oddities import ODDITIES

if TYPE_CHECKING:
    from tests.support.transcripts import Corpus

DAY_S = 86400.0


def plain(corpus: Corpus) -> None:
    """Responses of several models and sessions, each on one line."""
    for model in (HAIKU, SONNET):
        session = corpus.session()
        for _ in range(4):
            session.add(corpus.response(model))


def content_blocks(corpus: Corpus) -> None:
    """One line for each block of an answer's content, each with the usage of the whole."""
    session = corpus.session()
    for lines in (2, 3):
        session.add(corpus.response(), lines=lines)


def streaming_partials(corpus: Corpus) -> None:
    """Old versions wrote an answer while it came: the output grows from line to line."""
    session = corpus.session()
    whole = corpus.response()
    session.write(session.line(whole.with_output(1).later(-4)))
    session.write(session.line(whole.with_output(9).later(-2)))
    session.add(whole)
    session.write(session.line(whole.with_output(9)))


def request_references(corpus: Corpus) -> None:
    """Claude Code 2.1.328 writes ``requestRef`` and no ``requestId``, again a line a block."""
    session = corpus.session()
    for _ in range(2):
        response = corpus.response()
        for second in range(2):
            session.write(by_reference(session.line(response.later(second))))
        session.count(response)


def resumed(corpus: Corpus) -> None:
    """A resumed or forked session begins with copies of another one's lines."""
    first, second = corpus.session("first"), corpus.session("second")
    for _ in range(2):
        response = corpus.response()
        second.write(second.line(response))
        first.add(response)
    second.add(corpus.response())


def resumed_elsewhere(corpus: Corpus) -> None:
    """The copy stands in another project."""
    here, there = corpus.session("first"), corpus.session(project="-home-u-z-elsewhere")
    response = corpus.response()
    here.add(response)
    there.write(there.line(response))


def resumed_while_it_came(corpus: Corpus) -> None:
    """The copy is whole where the first transcript only has the beginning of an answer."""
    first, second = corpus.session("first"), corpus.session("second")
    response = corpus.response()
    first.write(first.line(response.with_output(2)))
    second.add(response)


def over_midnight(corpus: Corpus) -> None:
    """The lines of an answer stand on two days: among equals the earliest counts."""
    session = corpus.session()
    late_s = (corpus.response().at_s // DAY_S + 1) * DAY_S - 0.5
    response = corpus.response(at_s=late_s)
    session.add(response)
    session.write(session.line(response.later(2)))
    growing = corpus.response(at_s=late_s)
    session.write(session.line(growing.with_output(3)))
    session.add(growing.later(2))


def subagents(corpus: Corpus) -> None:
    """Subagents write files of their own, marked as side chains; they are of the session."""
    session = corpus.session()
    session.add(corpus.response())
    for name in ("a1", "a2"):
        session.subagent(name).add(corpus.response(HAIKU), lines=2, is_sidechain=True)


def sidechain_replay(corpus: Corpus) -> None:
    """A side chain repeats an answer of the session: it counts once, in the session."""
    session = corpus.session()
    side = session.subagent("replay")
    response = corpus.response()
    side.write(side.line(response, is_sidechain=True))
    session.add(response)


def sidechain_replay_new_request(corpus: Corpus) -> None:
    """A side chain repeats an answer of the session under a request id of its own."""
    session = corpus.session()
    side = session.subagent("replay")
    response = corpus.response()
    side.write(side.line(response, is_sidechain=True) | {"requestId": "req_of_the_replay"})
    session.add(response)


def sidechain_replay_whole(corpus: Corpus) -> None:
    """The side chain has the whole of an answer of which the session has the beginning."""
    session = corpus.session()
    side = session.subagent("replay")
    response = corpus.response()
    session.write(session.line(response.with_output(1)))
    side.add(response, is_sidechain=True)


def advisor(corpus: Corpus) -> None:
    """An answer asked another model for advice: its tokens stand beside those of the answer."""
    session = corpus.session()
    response, advice = corpus.response(SONNET), corpus.response(OPUS, counts=Counts(9000, 700))
    line = session.line(response)
    parts: list[dict[str, Any]] = [
        {"type": "message"} | response.usage(),
        {"type": "advisor_message", "model": OPUS} | advice.usage(),
    ]
    line["message"]["usage"]["iterations"] = parts
    session.write(line, line | {"uuid": "another block"})
    session.count(response)
    session.count(replace(advice, at_s=response.at_s))


def agent_progress(corpus: Corpus) -> None:
    """Old versions wrote a subagent's answers into the session's transcript as progress, too."""
    session = corpus.session()
    response = corpus.response(HAIKU)
    side = session.subagent("a1")
    side.add(response, is_sidechain=True)
    line = side.line(response, is_sidechain=True)
    inner = {name: line[name] for name in ("type", "message", "timestamp", "uuid", "requestId")}
    data = {"type": "agent_progress", "message": inner, "prompt": "Look", "agentId": "a1"}
    session.write({"type": "progress", "data": data, "timestamp": line["timestamp"]})


def tool_results(corpus: Corpus) -> None:
    """A user's line with a subagent's total, and one that quotes a transcript."""
    session = corpus.session()
    response = corpus.response()
    session.add(response)
    quoted = dumped(session.line(corpus.response())).decode()
    for result in ({"usage": response.usage(), "totalTokens": 12345}, {"stdout": quoted}):
        message = {"role": "user", "content": [{"type": "tool_result", "content": quoted}]}
        session.write({
            "type": "user", "message": message, "toolUseResult": result,
            "timestamp": iso(response.at_s), "sessionId": session.name, "uuid": "u-result",
        })  # fmt: skip


def other_lines(corpus: Corpus) -> None:
    """Lines of other types, with and without anything that looks like a usage."""
    session = corpus.session()
    session.write(
        {"type": "summary", "summary": "Work", "leafUuid": "u-1"},
        {"type": "file-history-snapshot", "messageId": "m", "snapshot": {}},
        {"type": "cost-state", "usage": {"input_tokens": 9}, "totalCostUSD": 1.5},
        {"type": "queue-operation", "operation": "enqueue", "content": '"type":"assistant"'},
        {"type": "system", "subtype": "turn_duration", "durationMs": 12},
    )
    session.add(corpus.response())


def synthetic(corpus: Corpus) -> None:
    """What Claude Code itself says in the name of the model was not answered by the API."""
    session = corpus.session()
    session.add(corpus.response())
    for counts in (Counts(), Counts(input=50, output=7)):
        line = session.line(corpus.response(counts=counts, model="<synthetic>"))
        session.write(line | {"isApiErrorMessage": True})


def no_request(corpus: Corpus) -> None:
    """A line without a request id belongs to the response of its message; alone it is one."""
    session = corpus.session()
    response = corpus.response()
    line = session.line(response)
    del line["requestId"]
    session.write(line)
    session.add(response)
    session.add(corpus.response(request=""), lines=2)


def two_requests(corpus: Corpus) -> None:
    """A gateway that gives every message one id: then the request ids tell them apart."""
    session = corpus.session()
    for _ in range(2):
        session.add(corpus.response(id="msg_of_a_gateway"))


def _without(line: dict[str, Any], *names: str) -> dict[str, Any]:
    message = {name: value for name, value in line["message"].items() if name not in names}
    return {name: value for name, value in line.items() if name not in names} | {"message": message}


def no_message_id(corpus: Corpus) -> None:
    """Without a message id the line's uuid tells a copy."""
    first, second = corpus.session("first"), corpus.session("second")
    response = corpus.response(request="")
    line = _without(first.line(response), "id")
    first.write(line)
    first.count(response)
    second.write(line | {"sessionId": second.name})


def no_ids_at_all(corpus: Corpus) -> None:
    """Where nothing tells a copy each line counts."""
    session = corpus.session()
    response = corpus.response(request="")
    line = _without(session.line(response), "id", "uuid")
    session.write(line, line)
    session.count(response)
    session.count(response)


def no_session_id(corpus: Corpus) -> None:
    """Without a session id the path tells the session."""
    session = corpus.session()
    side = session.subagent("a1")
    for place in (session, side):
        response = corpus.response()
        place.write(_without(place.line(response), "sessionId"))
        place.count(response)


def two_places(corpus: Corpus) -> None:
    """Transcripts of the same project in ~/.claude and in ~/.config/claude, one in both."""
    old, new = corpus.session("first"), corpus.session("second", place=".config/claude")
    new.add(corpus.response())
    old.add(corpus.response())
    copy = new.path.with_name(old.path.name)
    copy.write_bytes(old.path.read_bytes())


def other_files(corpus: Corpus) -> None:
    """Files beside the transcripts are none, whatever stands in them."""
    session = corpus.session()
    session.add(corpus.response())
    line = dumped(session.line(corpus.response()))
    for name in ("sessions-index.json", "old.jsonl.bak", "notes.txt", ".jsonl.swp"):
        session.path.with_name(name).write_bytes(line)


TRAPS: dict[str, Callable[[Corpus], None]] = {
    trap.__name__: trap
    for trap in (
        plain, content_blocks, streaming_partials, request_references, resumed, resumed_elsewhere,
        resumed_while_it_came, over_midnight, subagents, sidechain_replay,
        sidechain_replay_new_request, sidechain_replay_whole, advisor, agent_progress,
        tool_results, other_lines, synthetic, no_request, two_requests,
        no_message_id, no_ids_at_all, no_session_id, two_places, other_files, *ODDITIES,
    )
}  # fmt: skip
