"""Makes `given` importable from every test folder."""
