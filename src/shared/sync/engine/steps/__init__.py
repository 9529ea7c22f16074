"""The steps of a batch, in their order: identify, recover, read, decide, require, match, create, update,
conclude, save."""
