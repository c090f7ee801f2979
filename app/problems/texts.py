"""The meaning of each kind of refusal, its causes and its remedy: the pages under ``/problems``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProblemText:
    """The words of one page; ``lists_rules`` where its problems name the rule that was broken."""

    meaning: str
    example: str
    mend: str
    lists_rules: bool = False


TEXTS: dict[str, ProblemText] = {
    "unreadable": ProblemText(
        "The body of the request does not match its content type, so nothing of it was read.",
        "A JSON body that was saved in another encoding than UTF-8.",
        "Send the body again, as JSON encoded as UTF-8.",
    ),
    "not-found": ProblemText(
        "There is nothing at this address.",
        "/v1/what-if/top-ups in place of /v1/what-ifs/top-ups.",
        "Compare the address with /openapi.json, which lists every address of the service.",
    ),
    "sign-in-needed": ProblemText(
        "It is not known who asks, so nothing was read or changed.",
        "A request without a key, or with one that has expired or was revoked.",
        "Sign in, or send 'Authorization: Bearer' with a key of your organisation that is in use.",
    ),
    "change-not-allowed": ProblemText(
        "The request would change something, and neither a page of this service nor a program with its token sent it.",
        "A page of another site that sends a form to the service on this machine.",
        "Use the pages of the service, or send 'Authorization: Bearer' with the token that 'evenband serve' printed.",
    ),
    "host-unknown": ProblemText(
        "The request asks for a host name that is not one of this service.",
        "A service on one machine that a proxy passes requests to under its own public name.",
        "Ask for 127.0.0.1 or localhost, or let the operator name the host in EVENBAND_HOSTS.",
    ),
    "not-allowed": ProblemText(
        "You are known, but none of your roles allows this.",
        "A viewer who publishes a rule set.",
        "Ask an administrator of your organisation for the role, or ask someone who has it.",
    ),
    "rule-set-unknown": ProblemText(
        "No published rule set has this identifier, or it has no such version.",
        "The identifier of an authority with a year that is not published.",
        "Take the identifier from /v1/rule-sets, and leave out the version to get the latest.",
    ),
    "no-notional-part": ProblemText(
        "The rule set has no schools formula with notional SEN percentages, so there is no page for it.",
        "The page of the national formula, which leaves the percentages to authorities.",
        "Choose a rule set from the start page, which lists those that name percentages.",
    ),
    "no-targeted-funding": ProblemText(
        "The rule set pays nothing extra to schools with many plans, so there is no budget to check.",
        "The budget check of a rule set without targeted funding.",
        "Choose one of the rule sets that the start page lists under budgets to check.",
    ),
    "no-bands": ProblemText(
        "The rule set has no bands with prices, so it has no page of what plans bring.",
        "The page of plans of a rule set for the high needs block.",
        "Choose one of the rule sets that /bands lists.",
    ),
    "no-workbook": ProblemText(
        "The rule set has neither notional SEN percentages nor bands, so a workbook would have no answers.",
        "The workbook of a rule set for the high needs block.",
        "Choose a rule set with a notional SEN budget or with bands; /v1/rule-sets?kind=bands lists the latter.",
    ),
    "scenario-unknown": ProblemText(
        "Your organisation saved no what-if under this digest.",
        "The digest of a rule set in place of that of a scenario.",
        "Take the digest from /v1/scenarios, which lists what your organisation saved.",
    ),
    "method-unknown": ProblemText(
        "The address exists, but does not accept this method.",
        "POST /v1/rule-sets.",
        "Use one of the methods in the header 'Allow' of the answer.",
    ),
    "conflict": ProblemText(
        "The change conflicts with one made before it, or with something published, which never changes.",
        "A document published again under the same version with other values.",
        "Read what is there now, and make the change again; give a changed document a higher version.",
    ),
    "draft-unknown": ProblemText(
        "Your organisation has no draft of this rule set under this number; it may be published or deleted.",
        "A draft that was published this morning, read by its address as a draft.",
        "Take the address from GET /v1/drafts, or read the published version from /v1/rule-sets.",
    ),
    "draft-step": ProblemText(
        "A draft is written, then reviewed, then published, and this step is not one that it can take from where it is.",
        "A draft that is saved while it is in review.",
        "Read the draft: a reviewer sends it back before it is changed, and its author sends it for review.",
    ),
    "approval-lapsed": ProblemText(
        "An approval is of one text, and the draft has another one by now. The answer names the digests of both.",
        "A draft that was sent back and saved while its reviewer still read the text before.",
        "Read the draft again, and approve the digest that it has then.",
    ),
    "own-text": ProblemText(
        "A draft is approved by a person who neither began it nor changed it since the last approval.",
        "An author who approves a percentage that she typed.",
        "Ask another reviewer of your organisation.",
    ),
    "no-approval": ProblemText(
        "A draft is published as a second person approved it. A change, or sending it back, ends an approval.",
        "A draft that was approved, sent back, and sent for review again.",
        "Ask a reviewer to approve the draft as it is now.",
    ),
    "later-published": ProblemText(
        "A version with a higher number is published for the same days, and would be superseded by an earlier one.",
        "Two drafts of one rule set, of which the later one was published first.",
        "Begin a draft as successor of what is published, and make the change there.",
    ),
    "match-needed": ProblemText(
        "A change of a draft names the state that it changes, so that two people do not undo each other's work.",
        "PUT /v1/drafts/my-authority/2 without the header If-Match.",
        "Read the draft, and send its ETag as If-Match.",
    ),
    "match-stale": ProblemText(
        "The draft was saved, sent for review or sent back since the ETag of your request.",
        "Two authors who save the same draft, of whom the second had not read the first one's text.",
        "Read the draft again, make your change on that, and send its new ETag.",
    ),
    "identifier-shared": ProblemText(
        "A rule set that everybody of this service sees has the same identifier, so that yours needs another.",
        "An authority's own rule set under the identifier of the national formula.",
        "Give the document another identifier, such as one that begins with the authority's name.",
    ),
    "too-many-requests": ProblemText(
        "One asker may use so much work of the service in a while, and you have used it.",
        "A program that asks for 1,000 schools with their whole workings, again and again.",
        "Wait as many seconds as 'Retry-After' says. Send up to 1,000 records in one request; light ones take little of the limit.",
    ),
    "key-unknown": ProblemText(
        "Your organisation has no key with this prefix; keys of other organisations are not found either.",
        "Revoking a key with a wrong letter in its prefix.",
        "Take the prefix from the list at /v1/keys.",
    ),
    "too-large": ProblemText(
        "The body is larger than this address accepts.",
        "5,000 pupils in one request; a request holds up to 1,000.",
        "Send the records in parts, or value a file of any size with the command 'evenband value'.",
    ),
    "media-unknown": ProblemText(
        "The body is of a content type, or in a compression, that the service does not read.",
        "A body sent as text/csv, or with Content-Encoding: gzip.",
        "Send JSON with Content-Type: application/json, without compression.",
    ),
    "too-slow": ProblemText(
        "The body took too long to arrive, so that the service stopped waiting for it.",
        "A large body over a slow or broken connection.",
        "Send it again over a faster connection, or in parts.",
    ),
    "input-refused": ProblemText(
        "Parts of the request are wrong. Each problem gives its place and what would be right there.",
        '"sen_support_cost": 1500, where pounds are text: "1500.00".',
        "Correct each place that is listed, and send the whole request again.",
        lists_rules=True,
    ),
    "table-refused": ProblemText(
        "The records or the table cannot be used. Each problem names the column, the row where there is one, "
        "and what would be right; never what the cell holds.",
        "A column that the table has twice, or a date in another form than 2025-04-01.",
        "Correct each cell or column that is listed. Where more were found than are listed, 'total' counts them.",
        lists_rules=True,
    ),
    "file-refused": ProblemText(
        "A file cannot be used: it is no ordinary file, or it changed while it was read.",
        "A folder named as a table, or a table saved again during a run.",
        "Name a file, and start again once no other program writes to it.",
        lists_rules=True,
    ),
    "rules-refused": ProblemText(
        "The rule document cannot be used. Each problem names the place in the document and its line.",
        "A price that names a band which the profile does not have.",
        "Correct each place that is listed; 'evenband rules check FILE' reads a document without using it.",
        lists_rules=True,
    ),
    "override-refused": ProblemText(
        "A value cannot be tried in the rules, which are themselves as they should be.",
        "A path that leads to no number of the rule set, a band that has two prices, or 5% for 5.",
        "Take the path from the list at /v1/rule-sets/RULE-SET/paths; a value is a plain number such as 1234.50.",
        lists_rules=True,
    ),
    "pair-refused": ProblemText(
        "The rules and the data are each sound, but do not match.",
        "A pupil in band 20 of a profile with 16 bands, or bands asked of a rule set that has none.",
        "Choose a rule set that works out what is asked, or send what its rules need.",
        lists_rules=True,
    ),
    "unexpected": ProblemText(
        "The service failed for a reason of its own. Nothing of the request was saved.",
        "A fault in the service.",
        "Report the 'instance' of the answer to the operator of the service: its log has that name.",
    ),
    "rule-text-damaged": ProblemText(
        "The stored text of a rule set is not the text that was published, so nothing is worked out from it.",
        "A database that was changed by hand, or a damaged disk.",
        "Tell the operator of the service to restore the rule set from its file.",
    ),
    "unavailable": ProblemText(
        "The database did not answer in time.",
        "The database is locked, full or restarting.",
        "Try again after the seconds in 'Retry-After'.",
    ),
    "busy": ProblemText(
        "Too many calculations are running, and this one was not begun.",
        "Many large requests at once.",
        "Try again after the seconds in 'Retry-After'; send fewer requests at once.",
    ),
    "not-ready": ProblemText(
        "The service is starting, or something that it needs is missing. Each problem names what.",
        "A request in the first seconds after a start.",
        "Wait until /health/ready answers 200. If it does not, the problems say what is missing.",
        lists_rules=True,
    ),
}
