package app

import (
	"crypto/rsa"
	"errors"
	"fmt"

	"github.com/golang-jwt/jwt/v4"
)

// keySigner signs with the App's key as it is now.
type keySigner struct{ source func() ([]byte, error) }

func (k keySigner) read() (*rsa.PrivateKey, error) {
	pem, err := k.source()
	if err != nil {
		return nil, fmt.Errorf("GitHub App: reading its private key: %w", err)
	}

	key, err := jwt.ParseRSAPrivateKeyFromPEM(pem)
	if err != nil {
		// What the parser says could repeat the key.
		return nil, errors.New("GitHub App: its private key is not an RSA key in PEM; GitHub gives it as a file that ends in .pem")
	}

	return key, nil
}

// Sign signs what is claimed, as ghinstallation asks.
func (k keySigner) Sign(claims jwt.Claims) (string, error) {
	key, err := k.read()
	if err != nil {
		return "", err
	}

	return jwt.NewWithClaims(jwt.SigningMethodRS256, claims).SignedString(key)
}
