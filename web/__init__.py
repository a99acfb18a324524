"""What the Flask doors share: sign-in, sessions, CSRF, headers, language, layout, static files."""
