"""Where a connection breaks or a server says no decides what is said of a message, and never more than is known."""

from __future__ import annotations

import asyncio

import pytest

from breachkit.delivery.smtp import Lane, ServerStopped
from breachkit.domain.envelope import Outcome, Outgoing
from tests.delivery.mail_runs import IMPATIENT, FakeTime, letter, plain, transport
from tests.delivery.scripted_server import HANG_UP, SILENCE, Scripted, scripted


async def send_two(server: Scripted, first: Outgoing, **settings: object) -> tuple[Outcome, Outcome, FakeTime]:
    """The outcome of a message, and of one more after it by the same lane."""
    time = FakeTime()
    async with transport(plain(server.port, **settings), time=time) as mail:
        (lane,) = mail.lanes
        await lane.ready()
        one = await lane.send(first)
        await lane.ready()
        return one, await lane.send(letter(2)), time


@pytest.mark.parametrize(
    ("where", "result"),
    [("MAIL", "untried"), ("RCPT", "untried"), ("DATA", "untried"), ("CONTENT", "in_doubt"), ("END", "in_doubt")],
)
@pytest.mark.parametrize("how", [HANG_UP, SILENCE])
async def test_a_break_before_the_content_leaves_it_untried_and_after_it_in_doubt(where: str, result: str, how: str) -> None:
    again = "" if where == "CONTENT" else {"DATA": "354 go on"}.get(where, "250 2.0.0 Ok")
    replies = [how] if where == "CONTENT" else [how, again]
    async with scripted(**{where: replies}) as server:
        time = FakeTime()
        async with transport(plain(server.port, timeouts=IMPATIENT), time=time) as mail:
            (lane,) = mail.lanes
            await lane.ready()
            outcome = await lane.send(letter())
            assert (outcome.result, outcome.code) == (result, None)
            assert outcome.reply == ("the server did not answer in time" if how == SILENCE else "the connection was lost")
            if where == "CONTENT":
                del server.replies["CONTENT"]
            await lane.ready()
            assert time.slept == [1.0], "it waits before it comes back"
            assert (await lane.send(letter(2))).result == "sent"
        assert server.connections == 2


@pytest.mark.parametrize(
    ("where", "said", "result", "code"),
    [
        ("MAIL", "451 4.3.0 later", "untried", 451),
        ("MAIL", "452 4.3.1 no room", "untried", 452),
        ("MAIL", "552 5.3.4 too large", "refused", 552),
        ("RCPT", "450 4.2.0 greylisted", "deferred", 450),
        ("RCPT", "550 5.1.1 no such user", "refused", 550),
        ("RCPT", "554 5.7.1 relay denied", "refused", 554),
        ("DATA", "451 4.3.0 later", "deferred", 451),
        ("DATA", "554 5.5.1 no", "refused", 554),
        ("END", "452 4.2.2 mailbox full", "deferred", 452),
        ("END", "552 5.2.2 mailbox full", "refused", 552),
        ("END", "554 5.7.1 looks like spam", "refused", 554),
    ],
)
async def test_a_no_is_kept_with_its_words_and_the_connection_stays(where: str, said: str, result: str, code: int) -> None:
    again = "354 go on" if where == "DATA" else "250 2.0.0 Ok"
    async with scripted(**{where: [said, again]}) as server:
        first, second, _ = await send_two(server, letter())
        assert (first.result, first.code, first.reply, first.server) == (result, code, said[4:], "main")
        assert second.result == "sent"
        assert (server.connections, server.count("RSET")) == (1, 1)


@pytest.mark.parametrize(
    ("where", "result"), [("MAIL", "untried"), ("RCPT", "deferred"), ("DATA", "deferred"), ("END", "deferred")]
)
async def test_a_server_that_closes_with_421_is_left_alone_for_a_while(where: str, result: str) -> None:
    again = "354 go on" if where == "DATA" else "250 2.0.0 Ok"
    async with scripted(**{where: ["421 4.3.2 shutting down", again]}) as server:
        first, second, time = await send_two(server, letter())
        assert (first.result, first.code) == (result, 421)
        assert second.result == "sent"
        assert (server.connections, time.slept) == (2, [1.0])


@pytest.mark.parametrize(
    ("where", "result"), [("MAIL", "untried"), ("RCPT", "untried"), ("DATA", "untried"), ("END", "in_doubt")]
)
async def test_what_is_no_reply_ends_the_connection(where: str, result: str) -> None:
    async with scripted(**{where: ["Good evening", "354 go on" if where == "DATA" else "250 Ok"]}) as server:
        first, second, _ = await send_two(server, letter())
        assert (first.result, first.code) == (result, None)
        assert (second.result, server.connections) == ("sent", 2)


async def test_an_answer_to_data_that_is_neither_yes_nor_no_is_not_taken_for_a_yes() -> None:
    async with scripted(DATA=["250 Ok", "354 go on"]) as server:
        first, second, _ = await send_two(server, letter())
        assert (first.result, first.code) == ("deferred", 250)
        assert (second.result, server.connections, len(server.messages)) == ("sent", 2, 1)


async def test_a_connection_that_will_not_be_reset_is_given_up() -> None:
    async with scripted(RCPT=["550 no", "250 Ok"], RSET="502 what") as server:
        first, second, time = await send_two(server, letter())
        assert (first.result, second.result) == ("refused", "sent")
        assert (server.connections, time.slept) == (2, [])


@pytest.mark.parametrize(
    "said",
    [
        "550 5.1.1 <Ana.Example@Letters.test>: no such mailbox",
        "550 5.1.1 no mailbox ana.example here",
        "550 5.1.1 ANA EXAMPLE is unknown",
        "550 5.1.1 Example Ana left us",
        "550-5.1.1 ana.example\r\n550 5.1.1 is unknown",
        "550 5.1.1 ana.example(at)letters.test unknown",
    ],
)
@pytest.mark.parametrize(("where", "result"), [("RCPT", "refused"), ("END", "sent")])
async def test_the_reply_is_kept_without_the_recipients_address_and_name(where: str, result: str, said: str) -> None:
    reply = said.replace("550", "250") if result == "sent" else said
    async with scripted(**{where: reply}) as server, transport(plain(server.port)) as mail:
        await mail.lanes[0].ready()
        outcome = await mail.lanes[0].send(letter(to="ana.example@letters.test"))
    assert outcome.result == result
    assert outcome.reply.startswith("5.1.1 ")
    assert "ana" not in outcome.reply.lower()


async def test_a_message_cut_off_by_its_own_side_takes_its_connection_with_it() -> None:
    async with scripted(END=[SILENCE, "250 Ok"]) as server, transport(plain(server.port)) as mail:
        (lane,) = mail.lanes
        await lane.ready()
        under_way = asyncio.create_task(lane.send(letter()))
        while not server.messages:
            await asyncio.sleep(0.01)
        under_way.cancel()
        with pytest.raises(asyncio.CancelledError):
            await under_way
        assert (await lane.send(letter(2))).result == "untried"
        await lane.ready()
        assert (await lane.send(letter(2))).result == "sent"
        assert server.connections == 2


async def test_a_lane_that_was_not_made_ready_says_untried() -> None:
    async with scripted() as server, transport(plain(server.port)) as mail:
        outcome = await mail.lanes[0].send(letter())
        assert (outcome.result, outcome.reply, server.connections) == ("untried", "there was no connection", 0)


async def flaw_of(server: Scripted, outgoing: Outgoing) -> Outcome:
    async with transport(plain(server.port)) as mail:
        lane: Lane = mail.lanes[0]
        await lane.ready()
        outcome = await lane.send(outgoing)
        assert server.count("MAIL") == 0, "the server was not asked"
        await lane.ready()
        assert (await lane.send(letter(9))).result == "sent"
        return outcome


async def test_a_message_larger_than_the_server_takes_is_refused_in_plain_words() -> None:
    async with scripted(EHLO="250-x\r\n250 SIZE 600") as server:
        outcome = await flaw_of(server, letter(body=b"x" * 600 + b"\r\n"))
        assert (outcome.result, outcome.code) == ("refused", None)
        assert outcome.reply.endswith("bytes, and the server takes at most 600")


async def test_the_server_is_told_the_size_and_what_the_message_needs() -> None:
    async with scripted() as server, transport(plain(server.port)) as mail:
        (lane,) = mail.lanes
        outgoing = letter(to="zoë@letters.test", body="für dich\r\n".encode())
        await lane.ready()
        assert (await lane.send(outgoing)).result == "sent"
        (said,) = [line for line in server.said if line.startswith(b"MAIL")]
        assert said == b"MAIL FROM:<privacy@example.com> SIZE=%d BODY=8BITMIME SMTPUTF8" % len(outgoing.message)
        assert "RCPT TO:<zoë@letters.test>".encode() in server.said


@pytest.mark.parametrize(
    ("outgoing", "said"),
    [
        (letter(body="für dich\r\n".encode()), "no 8BITMIME"),
        (letter(to="zoë@letters.test", body=b"x\r\n"), "no SMTPUTF8"),
        (letter(body=b"one\ntwo\r\n"), "does not end in CR LF"),
        (letter(body=b"one\rtwo\r\n"), "does not end in CR LF"),
        (letter(body=b"one"), "does not end in CR LF"),
        (letter(to="a@letters.test> BODY=8BITMIME"), "not one that mail can carry"),
        (letter(to="a@letters.test\r\nRCPT TO:<b@letters.test>"), "not one that mail can carry"),
        (letter(to="nobody"), "not one that mail can carry"),
    ],
)
async def test_what_could_not_arrive_as_it_is_kept_is_refused_before_it_is_tried(outgoing: Outgoing, said: str) -> None:
    async with scripted(EHLO="250 plain.example") as server:
        outcome = await flaw_of(server, outgoing)
        assert (outcome.result, outcome.code) == ("refused", None)
        assert said in outcome.reply
        assert "letters.test" not in outcome.reply


@pytest.mark.parametrize("where", ["MAIL", "RCPT"])
async def test_a_server_that_wants_a_login_stops_and_the_message_is_untried(where: str) -> None:
    async with scripted(**{where: "530 5.7.0 Authentication required"}) as server, transport(plain(server.port)) as mail:
        (lane,) = mail.lanes
        await lane.ready()
        assert (await lane.send(letter())).result == "untried"
        with pytest.raises(ServerStopped, match=r"530 5\.7\.0 Authentication required"):
            await lane.ready()
