"""The demonstration: sample data, and one full cycle of a flow on the local stack with emulated vendors."""
