"""When a server is waited for, when it is stopped, and how fast it is used. No test sleeps: time is a value here."""

from __future__ import annotations

import pytest

from breachkit.delivery.smtp import Lane, ServerStopped, SmtpTransport, look
from breachkit.delivery.smtp_server import MOST_REFUSED, MOST_REFUSED_LATER, MOST_UNANSWERED
from breachkit.domain.mail_servers import Server
from breachkit.errors import ExitCode, Refused
from tests.delivery.mail_runs import IMPATIENT, FakeTime, letter, plain, transport
from tests.delivery.processes import free_port
from tests.delivery.scripted_server import HANG_UP, SILENCE, scripted


async def send_until_stopped(lane: Lane, most: int = 1000) -> tuple[list[str], ServerStopped]:
    """The outcomes until the lane's server stops, and the alarm."""
    results: list[str] = []
    for number in range(1, most):
        try:
            await lane.ready()
        except ServerStopped as stopped:
            return results, stopped
        results.append((await lane.send(letter(number))).result)
    raise AssertionError("it never stopped")


async def test_a_server_that_turns_everything_down_is_stopped_after_ten() -> None:
    told: list[str] = []
    no = "554 5.7.1 you are not wanted"
    async with scripted(RCPT=no) as server, transport(plain(server.port), tell=told.append) as mail:
        results, stopped = await send_until_stopped(mail.lanes[0])
    assert results == ["refused"] * MOST_REFUSED
    assert stopped.server.name == "main"
    assert stopped.why == f"it turns everything down, 10 recipients in a row; its last words: {no}"
    assert stopped.exit_code is ExitCode.DELIVERY
    assert told == [f"main: stopped for this run: {stopped.why}"]


async def test_refusals_of_the_message_itself_count_too() -> None:
    async with scripted(END="554 5.7.1 spam") as server, transport(plain(server.port)) as mail:
        results, _ = await send_until_stopped(mail.lanes[0])
        assert results == ["refused"] * MOST_REFUSED


async def test_a_server_that_took_somebody_may_refuse_many_before_it_is_stopped() -> None:
    async with (
        scripted(RCPT=["550 no"] * 9 + ["250 Ok", "550 5.4.5 daily limit"]) as server,
        transport(plain(server.port)) as mail,
    ):
        results, stopped = await send_until_stopped(mail.lanes[0])
        assert results == ["refused"] * 9 + ["sent"] + ["refused"] * MOST_REFUSED_LATER
        assert "550 5.4.5 daily limit" in stopped.why


@pytest.mark.parametrize("connections", [1, 3])
@pytest.mark.parametrize("how", [HANG_UP, "\x00 what"])
async def test_a_server_that_answers_no_message_is_stopped_before_the_whole_list_is_in_doubt(
    how: str, connections: int
) -> None:
    async with scripted(END=how) as server, transport(plain(server.port, connections=connections)) as mail:
        results, stopped = await send_until_stopped(mail.lanes[0])
        assert results == ["in_doubt"] * (connections + MOST_UNANSWERED)
        assert "answered none" in stopped.why


async def test_a_line_that_breaks_now_and_then_stops_nobody() -> None:
    script = [*[HANG_UP] * 3, "250 2.0.0 Ok"] * 3
    async with scripted(END=script) as server, transport(plain(server.port)) as mail:
        (lane,) = mail.lanes
        for number in range(len(script)):
            await lane.ready()
            await lane.send(letter(number + 1))
        await lane.ready()
        assert mail.states[0].why is None


async def test_deferrals_never_stop_a_server() -> None:
    async with scripted(RCPT=["450 later"] * 30 + ["250 Ok"]) as server, transport(plain(server.port)) as mail:
        (lane,) = mail.lanes
        for number in range(30):
            await lane.ready()
            assert (await lane.send(letter(number))).result == "deferred"
        await lane.ready()
        assert (await lane.send(letter(31))).result == "sent"


@pytest.mark.parametrize("said", ["550 5.1.8 sender rejected", "553 5.7.1 not your address", "501 5.1.7 bad sender"])
async def test_a_server_that_refuses_the_sender_is_stopped_at_once(said: str) -> None:
    async with scripted(MAIL=said) as server, transport(plain(server.port)) as mail:
        results, stopped = await send_until_stopped(mail.lanes[0])
        assert results == ["untried"]
        assert stopped.why == f"it does not take mail from the sender: {said}"


async def test_a_server_that_puts_the_sender_off_is_waited_for_by_every_lane() -> None:
    time = FakeTime()
    replies = ["451 later", "451 later", "250 Ok"]
    async with scripted(MAIL=replies) as server, transport(plain(server.port, connections=2), time=time) as mail:
        first, second = mail.lanes
        await first.ready()
        await second.ready()
        assert (await first.send(letter(1))).result == "untried"
        await second.ready()
        assert time.slept == [1.0]
        assert (await second.send(letter(2))).result == "untried"
        await first.ready()
        assert time.slept == [1.0, 2.0]
        assert (await first.send(letter(3))).result == "sent"
        await second.ready()
        assert time.slept == [1.0, 2.0], "all is well again"


async def test_waits_double_up_to_a_minute_and_end_when_the_server_is_given_up() -> None:
    time, told = FakeTime(), list[str]()
    server = plain(free_port(), give_up=300.0)
    async with transport(server, time=time, tell=told.append) as mail:
        with pytest.raises(ServerStopped, match="given up after 300 seconds: it cannot be reached: connection refused"):
            await mail.lanes[0].ready()
    assert time.slept == [1, 2, 4, 8, 16, 32, 60, 60, 60, 57]
    assert told[0] == "main: it cannot be reached: connection refused; trying again in 1 s"


async def test_a_server_that_lets_in_and_hangs_up_is_given_up_too() -> None:
    async with scripted(MAIL=HANG_UP) as server, transport(plain(server.port, give_up=10.0)) as mail:
        results, stopped = await send_until_stopped(mail.lanes[0])
        assert set(results) == {"untried"}
        assert stopped.why == "given up after 10 seconds: the connection was lost"


async def test_one_lane_too_many_does_not_hold_up_the_others() -> None:
    time = FakeTime()
    replies = ["220 come in", "421 no", "421 no", "220 come in"]
    async with scripted(CONNECT=replies) as server, transport(plain(server.port, connections=2), time=time) as mail:
        first, second = mail.lanes
        await first.ready()
        mail.states[0].failed("too many", second._backoff)
        await first.ready()
        assert (await first.send(letter())).result == "sent"
        assert time.slept == []
        await second.ready()
        assert time.slept == [1, 2, 4], "the lane that was turned away waits longer each time"


async def test_a_lane_that_is_never_let_in_gives_up_in_the_end() -> None:
    replies = ["220 come in", "421 4.7.0 too many connections"]
    async with scripted(CONNECT=replies) as server, transport(plain(server.port, connections=2)) as mail:
        first, second = mail.lanes
        await first.ready()
        with pytest.raises(ServerStopped, match=r"421 4\.7\.0 too many connections"):
            await second.ready()


@pytest.mark.parametrize(
    ("replies", "why"),
    [
        ({"CONNECT": "554 5.3.2 not for you"}, "it lets nobody in: 554 5.3.2 not for you"),
        ({"CONNECT": "HTTP/1.1 400 Bad Request"}, "it does not answer like a mail server; check host, port and tls"),
        ({"EHLO": "550 no", "HELO": "550 no"}, "it lets nobody in: 550 no"),
    ],
)
async def test_a_server_that_is_of_no_use_is_stopped_without_waiting(replies: dict[str, str], why: str) -> None:
    time = FakeTime()
    async with scripted(**replies) as server, transport(plain(server.port), time=time) as mail:
        with pytest.raises(ServerStopped) as stopped:
            await mail.lanes[0].ready()
        assert (stopped.value.why, time.slept) == (why, [])


async def test_a_server_that_says_nothing_is_not_waited_for_longer_than_it_may_take() -> None:
    async with scripted(CONNECT=SILENCE) as server:
        with pytest.raises(ServerStopped, match=r"it did not answer within 0\.2 seconds"):
            await look(plain(server.port, timeouts=IMPATIENT), None)


@pytest.mark.parametrize(("rate", "apart"), [(10.0, 0.1), (600 / 60, 0.1), (5000 / 3600, 0.72)])
async def test_messages_of_all_lanes_together_keep_to_the_rate(rate: float, apart: float) -> None:
    time = FakeTime()
    async with scripted() as server, transport(plain(server.port, rate=rate, connections=3), time=time) as mail:
        began, at = time.now, []
        for number in range(12):
            lane = mail.lanes[number % 3]
            await lane.ready()
            at.append(time.now - began)
            assert (await lane.send(letter(number))).result == "sent"
    assert at == pytest.approx([max(0.0, number * apart - 0.05) for number in range(12)], abs=0.001)


async def test_each_server_has_its_own_rate_and_its_own_fate() -> None:
    time = FakeTime()
    async with scripted(MAIL="550 no") as bad, scripted() as good:
        servers = plain(bad.port, name="bad", rate=1.0), plain(good.port, name="good")
        async with transport(*servers, time=time) as mail:
            first, second = mail.lanes
            results, stopped = await send_until_stopped(first)
            assert (results, stopped.server.name) == (["untried"], "bad")
            for number in range(5):
                await second.ready()
                assert (await second.send(letter(number))).server == "good"
            assert time.slept == []


async def test_a_connection_is_renewed_after_as_many_messages_as_the_settings_say() -> None:
    async with scripted() as server:
        async with transport(plain(server.port, per_connection=3)) as mail:
            (lane,) = mail.lanes
            for number in range(7):
                await lane.ready()
                assert (await lane.send(letter(number))).result == "sent"
        assert (server.connections, server.count("QUIT")) == (3, 3)


async def test_a_connection_the_server_closed_between_messages_is_made_anew_without_waiting() -> None:
    time = FakeTime()
    async with scripted(NOOP=HANG_UP) as server, transport(plain(server.port), time=time) as mail:
        (lane,) = mail.lanes
        await lane.ready()
        assert lane._connection is not None
        with pytest.raises(Exception, match="the connection was lost"):
            await lane._connection.say(1, b"NOOP")
        await lane.ready()
        assert (await lane.send(letter())).result == "sent"
        assert (server.connections, time.slept) == (2, [])


async def test_a_transport_says_goodbye_and_leaves_no_connection_open() -> None:
    async with scripted() as server:
        async with transport(plain(server.port, connections=3)) as mail:
            for lane in mail.lanes:
                await lane.ready()
            assert server.open_now == 3
        assert server.count("QUIT") == 3


@pytest.mark.parametrize("host", ["mail.example.com", "192.0.2.7", "localhost.example.com"])
async def test_mail_without_tls_to_another_machine_is_refused_before_anything_is_said(host: str) -> None:
    server = Server("main", host, 25, "none")
    with pytest.raises(Refused, match=f"{host} needs starttls or tls"):
        SmtpTransport([server], {})
    with pytest.raises(Refused, match="needs starttls or tls"):
        await look(server, None)


async def test_without_starttls_on_offer_nothing_is_said_at_all() -> None:
    async with scripted() as server, transport(plain(server.port, tls="starttls")) as mail:
        with pytest.raises(ServerStopped, match="does not offer STARTTLS, and nothing is sent without TLS"):
            await mail.lanes[0].ready()
        assert server.said == [b"EHLO desk.example.com"]


async def test_looking_at_a_server_sends_nothing() -> None:
    async with scripted() as server:
        said = await look(plain(server.port), None, hello="desk.example.com")
        assert said == f"main: 127.0.0.1:{server.port}, no TLS, no login, messages up to 1,000,000 bytes"
        assert server.said == [b"EHLO desk.example.com", b"NOOP", b"QUIT"]
