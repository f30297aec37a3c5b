from tests.services.conftest import app, clock, desk, terminal

__all__ = ["app", "clock", "desk", "terminal"]
