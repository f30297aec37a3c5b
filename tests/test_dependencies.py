"""Packages whose parts are extras: without them an import fails only where it is first used."""


def test_faststream_comes_with_its_driver_for_kafka():
    from faststream.kafka import KafkaBroker

    assert KafkaBroker.__module__.startswith("faststream.kafka")
