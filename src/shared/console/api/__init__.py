"""What the console shows, as JSON, and some of its buttons, under the same sign-in and roles. Each address
makes its answer of what its page is made of, so that the two cannot tell different things."""
