"""What an item of the power list must say, may say and may not say: the law of lists, without a database."""
