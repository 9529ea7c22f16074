"""How long a salesperson waits for a priced quotation, and what it costs in vendor calls."""
