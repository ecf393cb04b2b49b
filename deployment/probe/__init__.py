"""What AWS is taken to do, tried once on a live account after a deployment.

The laptop's stand-ins are written after AWS's documentation; what no documentation says, or only an old or a
doubtful one, is an assumption. Each has an id, what is expected, what would change in the product, and a probe.

| id | tried on | leaves behind |
| --- | --- | --- |
| alias-version | Lex's aliases | nothing |
| locale-built | Lex's bot versions | nothing |
| hooks-by-alias | Lex's aliases | nothing |
| conversation-logs | Lex's aliases | nothing |
| utterances | the ear's version | nothing |
| ear-state | the ear | nothing |
| ear-quiet | the ear | nothing |
| yes-no | the ear | nothing |
| ear-fallback | the ear | nothing |
| confidence-shape | the ear | nothing |
| runtime-hints | the ear | nothing |
| session-ids | the ear | nothing |
| text-length | the ear | nothing |
| at-once | the ear | nothing |
| hook-permission | a guest's conversation | a guest's item for a day |
| hook-digression | the same conversation | |
| store-through-key | the same conversation | |
| hook-cards | the same conversation | |
| hook-confirm | the same conversation | |
| hook-close | the same conversation | |
| sentiment | the same conversation | |
| guest-attributes | a guest's greeting | a guest's item for a day |
| attributes-size | a guest's greeting | a guest's item for a day |
| request-id | the alias live, without a pointer | a stranger's item for a day |
| hook-voice | a guest's greeting | a guest's item for a day |
| table-ttl | the table's description | nothing |
| table-backups | the table's description | nothing |
| table-key | the table's description | nothing |
| key-rotation | the key's description | nothing |
| secret-key | the secret's description | nothing |
| condition-all-old | an item of its own, with --write-probe-item | nothing |
| alexa-foreign | alexa_turn, with --invoke | a line in its log |
| alexa-reaches | alexa_turn's log | nothing |
| trace-beside-turn | lex_turn's log | nothing |
| metrics-from-log | CloudWatch's list of metrics | nothing |
| cold-start | the functions' logs | nothing |
| logs-kept | the log groups' descriptions | nothing |
| alarms-heard | the topic's subscriptions | nothing |
| queries-run | the saved log queries, begun and stopped | nothing |
| alarm-rings | the alarm of failures, with --ring | two mails to whoever hears the alarms |
| gradual-role | CodeDeploy's last deployments | nothing |
| connect-association | not tried: channel not built yet | |
| pinpoint-app | not tried: channel not built yet | |
| ses-rules | not tried: channel not built yet | |
| meta-acknowledgement | not tried: channel not built yet | |
| alexa-certification | not tried: only certification shows it | |
| prices | not tried: only the bill shows it | |

A guest's item is pseudonymous, as any guest's is, and the table's TTL removes it. What a turn's line in a
function's log holds (ids, intents, prompts' names) stays as long as logs are kept.
"""

from __future__ import annotations

from deployment.probe.assumption import Assumption, Finding, Outcome, Probe, Verdict
from deployment.probe.catalogue import PROBES, UnknownProbe, chosen
from deployment.probe.running import findings, status
from deployment.probe.site import Allowed, Clients, Site

__all__ = [
    "PROBES",
    "Allowed",
    "Assumption",
    "Clients",
    "Finding",
    "Outcome",
    "Probe",
    "Site",
    "UnknownProbe",
    "Verdict",
    "chosen",
    "findings",
    "status",
]
