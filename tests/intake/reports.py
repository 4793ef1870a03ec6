"""Reports of delivery as servers of several makes write them, about messages to made-up people.

Each make has its own shape; the words are those RFC 3464 and the servers' documentation let one expect.
"""

from __future__ import annotations

from pathlib import Path

from breachkit.intake.bounces import Bounce, Unread, read_bounces

ENVELOPE = "0f" * 16
OURS = f"<{ENVELOPE}@org.example>"
PERSON = "ana.example@mail.example.com"
RETURNED = f"""\
From: Example Co <notices@org.example>
To: Ana Example <{PERSON}>
Subject: About your data
References: <{"ee" * 16}@org.example>
Message-ID: {OURS}
Date: Sun, 22 Nov 2026 10:00:00 +0100
"""


def report(
    head: str, about: str, recipient: str, *, prose: str = "It could not be delivered.", returned: str = "text/rfc822-headers"
) -> str:
    """A multipart/report: headers of its own, the block of the message, the blocks of recipients, and what came back."""
    status = "message/global-delivery-status" if "global" in returned else "message/delivery-status"
    body = "" if "headers" in returned else "\nDear Ana Example,\nsomething happened.\n"
    return f"""\
{head.strip()}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="B/1.org"

This is a MIME-encapsulated message.

--B/1.org
Content-Type: text/plain; charset=us-ascii

{prose}

--B/1.org
Content-Type: {status}

{about.strip()}

{recipient.strip()}

--B/1.org
Content-Type: {returned}

{RETURNED}{body}
--B/1.org--
"""


def head(
    sender: str = "MAILER-DAEMON@mx.org.example (Mail Delivery System)", path: str = "Return-Path: <>\n", more: str = ""
) -> str:
    return f"{path}Date: Sun, 22 Nov 2026 10:00:05 +0100\nFrom: {sender}\nSubject: Undelivered\nTo: bounces@org.example\n{more}"


POSTFIX = report(
    head(more="Auto-Submitted: auto-replied\nMessage-Id: <20261122090005.4ABC@mx.org.example>\n"),
    "Reporting-MTA: dns; mx.org.example\nX-Postfix-Queue-ID: 4Xyz\nArrival-Date: Sun, 22 Nov 2026 10:00:00 +0100 (CET)",
    f"""Final-Recipient: rfc822; {PERSON}
Original-Recipient: rfc822;{PERSON}
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.mail.example.com
Diagnostic-Code: smtp; 550 5.1.1 <{PERSON}>: Recipient address rejected:
    User unknown in virtual mailbox table""",
)
EXIM = report(
    head(
        "Mail Delivery System <Mailer-Daemon@mx.org.example>",
        more=f"X-Failed-Recipients: {PERSON}\nAuto-Submitted: auto-replied\n",
    ),
    "Reporting-MTA: dns; mx.org.example",
    f"""Action: failed
Final-Recipient: rfc822;{PERSON}
Status: 5.0.0
Remote-MTA: dns; mx.mail.example.com
Diagnostic-Code: smtp; 550 No such user ana.example here""",
    returned="message/rfc822",
)
EXCHANGE = report(
    head(
        "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@org.example>",
        more=f"In-Reply-To: {OURS}\nReferences: <{'ee' * 16}@org.example> {OURS}\n",
    ),
    "Reporting-MTA: dns;EX01.org.example\nReceived-From-MTA: dns;EX02.org.example",
    f"""Original-Recipient: rfc822;{PERSON}
Final-Recipient: rfc822;{PERSON}
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient {PERSON} not found by SMTP address lookup
X-Display-Name: Ana Example""",
    returned="message/rfc822",
).replace(f"Message-ID: {OURS}", "Message-ID: <AM0PR01@eur.example>")
GMAIL = report(
    head("Mail Delivery Subsystem <mailer-daemon@googlemail.com>", more=f"In-Reply-To: {OURS}\nReferences: {OURS}\n"),
    f"Reporting-MTA: dns; googlemail.com\nReceived-From-MTA: dns; notices@org.example\nX-Original-Message-ID: {OURS}",
    f"""Final-Recipient: rfc822; {PERSON}
Action: failed
Status: 5.2.1
Remote-MTA: dns; mx.mail.example.com. (192.0.2.1, the server for the domain mail.example.com.)
Diagnostic-Code: smtp; 550-5.2.1 The email account that you tried to reach is disabled. For more
 550 5.2.1 go to https://support.example.com/mail?p=DisabledUser
Last-Attempt-Date: Sun, 22 Nov 2026 01:00:02 -0800 (PST)""",
    returned="message/rfc822",
)
SES = report(
    head("MAILER-DAEMON@eu-west-1.amazonses.example"),
    "Reporting-MTA: dsn; a1-2.smtp-out.amazonses.example",
    f"""Action: failed
Final-Recipient: rfc822; {PERSON}
Diagnostic-Code: smtp; 550 5.1.1 user unknown
Status: 5.1.1""",
).replace(f"Message-ID: {OURS}", f"X-Original-Message-ID: {OURS}\nMessage-ID: <0100-abc@eu-west-1.amazonses.example>")
SENDMAIL = report(
    head("Mail Delivery Subsystem <MAILER-DAEMON@mx.org.example>", more="Auto-Submitted: auto-generated (warning-timeout)\n"),
    f"Original-Envelope-Id: {ENVELOPE}\nReporting-MTA: dns; mx.org.example\nArrival-Date: Sun, 22 Nov 2026 10:00:00 +0100",
    f"""Final-Recipient: RFC822; {PERSON}
Action: delayed
Status: 4.4.1
Remote-MTA: DNS; mx.mail.example.com
Diagnostic-Code: SMTP; 451 4.4.1 reply: read error from mx.mail.example.com.
Last-Attempt-Date: Sun, 22 Nov 2026 14:00:00 +0100
Will-Retry-Until: Fri, 27 Nov 2026 10:00:00 +0100""",
)
INTERNATIONAL = report(
    head(),
    "Reporting-MTA: dns; mx.org.example",
    "Final-Recipient: utf-8; jörg.müller@mail.example.com\nAction: failed\nStatus: 5.1.1\n"
    "Diagnostic-Code: smtp; 550 5.1.1 Jörg Müller, jörg.müller@mail.example.com: unbekannt",
    returned="message/global-headers",
)
MAKES = {
    "postfix": POSTFIX,
    "exim": EXIM,
    "exchange": EXCHANGE,
    "gmail": GMAIL,
    "ses": SES,
    "sendmail": SENDMAIL,
    "international": INTERNATIONAL,
}

QMAIL = f"""\
Return-Path: <>
Date: 22 Nov 2026 09:00:05 -0000
From: MAILER-DAEMON@mx.org.example
To: bounces@org.example
Subject: failure notice

Hi. This is the program at mx.org.example.
Your message could not be delivered.

<{PERSON}>:
192.0.2.1 does not like recipient.
Remote host said: 550 5.1.1 no mailbox for ana.example
Giving up on 192.0.2.1.

--- Below this line is a copy of the message.

Return-Path: <notices@org.example>
Received: from 198.51.100.7 by mx.org.example; 22 Nov 2026 09:00:00 -0000
{RETURNED}
Dear Ana Example,
"""


def read(folder: Path, content: str | bytes, name: str = "report.eml") -> list[Bounce | Unread]:
    """What the message says."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_bounces(path))


def bounce(folder: Path, content: str | bytes) -> Bounce:
    (found,) = read(folder, content)
    assert isinstance(found, Bounce), found
    return found


def why(folder: Path, content: str | bytes) -> str:
    (found,) = read(folder, content)
    assert isinstance(found, Unread), found
    return found.why
