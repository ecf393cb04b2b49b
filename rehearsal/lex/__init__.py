"""Amazon Lex Runtime V2 on a laptop: the bots of a template, spoken to through AWS's own protocol.

`template` reads the bots, `dialogue` is Lex's state machine around the code hook, `service` holds the
sessions, `wire` speaks HTTP as botocore does, `doors` lets speech and keys in.
"""
