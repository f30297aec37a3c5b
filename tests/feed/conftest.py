from tests.services.conftest import app, clock, desk, refused, terminal

__all__ = ["app", "clock", "desk", "refused", "terminal"]
