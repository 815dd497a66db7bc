"""Commands of search: ``manage.py help`` lists them."""
