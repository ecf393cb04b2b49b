"""The telephone and its chat: the Amazon Connect instance, who answers when, the flows and the functions behind them.

One stack. `stack` composes it; each other module makes one part: `instance`, `storage` for what is recorded,
`hours`, `queues`, `security` (profiles, from the table in `permissions`), `users`, `functions`, `captures`,
`workspace` for what an agent sees, `flows`, `relay` between text channels and agents, `number` and `analytics`.
"""
