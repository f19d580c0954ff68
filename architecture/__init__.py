"""What the house asks of its own code: contracts, translations, generated pages. Not part of the product."""
