package gh

// APIURL is where the REST API of the GitHub at base is, as Options.BaseURL
// names it; it ends in a slash.
func APIURL(base string) (string, error) {
	u, err := apiURL(base)
	if err != nil {
		return "", err
	}

	return u.String(), nil
}
