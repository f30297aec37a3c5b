"""The topics: made where they are missing, told where they are not as they must be, never changed behind one's back."""

from kafka.admin import ConfigResource, ConfigResourceType

from infra.kafka import provisioning
from services.cli.ending import REFUSED

TOPICS = ("feed", "topics")


def test_topics_that_are_missing_are_told_and_made(feeding):
    before = feeding.json(*TOPICS, exits=REFUSED)["topics"]
    assert {tuple(each["wrong"]) for each in before} == {("it is missing",)}
    assert "receivables feed topics --create" in feeding.run(*TOPICS, exits=REFUSED).stdout
    made = feeding.json(*TOPICS, "--create")["topics"]
    assert {each["name"] for each in made} >= {
        "receivables.invoices",
        "receivables.invoice-state",
        "receivables.requests",
    }
    assert {each["partitions"] for each in made} == {6}
    assert feeding.json(*TOPICS)["topics"] == made
    assert "as it must be" in feeding.run(*TOPICS).stdout


def test_a_setting_that_somebody_changed_is_told_and_left_alone(feeding, kafka):
    feeding.run(*TOPICS, "--create")
    with provisioning.administration([kafka]) as admin:
        admin.alter_configs(
            [ConfigResource(ConfigResourceType.TOPIC, "receivables.invoices", configs={"retention.ms": "1000000"})]
        )
    for _ in "ab":
        wrong = {each["name"]: each["wrong"] for each in feeding.json(*TOPICS, "--create", exits=REFUSED)["topics"]}
        assert wrong["receivables.invoices"] == ["retention.ms is 1000000, not -1"]
    assert "retention.ms is 1000000, not -1" in feeding.run(*TOPICS, exits=REFUSED).stdout


def test_each_service_has_a_topic_for_its_requests(feeding):
    (feeding.home / "services.toml").write_text("[shop]\n")
    made = feeding.json(*TOPICS, "--create")["topics"]
    assert {"receivables.requests", "receivables.requests.shop"} <= {each["name"] for each in made}
    assert feeding.run("feed", "tail", "--topic", "requests.shop").stdout == ""
