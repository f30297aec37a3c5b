"""Kafka: which topics there are, how messages go there and come back, and a broker for trying it out."""
