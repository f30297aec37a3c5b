"""Kafka: which topics there are, how messages go there and come back, and a broker for trying it out."""

import logging

# What the clients complain of, they mend or raise; whoever calls says so once, in words of ours.
logging.getLogger("kafka").setLevel(logging.CRITICAL)
logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
