"""Units by periods, and when each unit was treated; places by activities."""
