"""The telephone at author time: the flow language as data, flows as code, and what is checked before they deploy."""
