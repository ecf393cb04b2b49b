"""Meridian's side: its business actions, and a stand-in for its core banking system.

Replace this folder and `dialogue/` to serve another business. Actions see only
`throughline.dialogue.action`; whatever holds accounts is behind `bank.core.CoreBanking`.
"""
