"""Routes of the product pages. Never logic."""

from django.urls import path

from products.views import products, settings

urlpatterns = [
    path("products/", products.product_list, name="products"),
    path("products/<slug:name>/", products.product_dashboard, name="product"),
    path("products/<slug:name>/releases/", products.product_releases_page, name="product-releases"),
    path("products/<slug:name>/settings/", settings.product_settings, name="product-settings"),
]
