package ruby

// maxTokens bounds one text: the longest that is read, a schema.rb, has 12,300 tokens.
const maxTokens = 50_000

// Budget is how many tokens may still be looked at. Many a search goes through all that stands behind or before a token,
// and whoever writes a text can make it start one at every token: each search takes what it may look at from what all of
// them have together.
type Budget int

// Spend takes n tokens from the budget. It is false when there is nothing left.
func (b *Budget) Spend(n int) bool {
	*b -= Budget(n)
	return *b > 0
}
